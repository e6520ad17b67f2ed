import type { Webhook } from '../../data/types.ts';
import { Explained } from '../../parts/explained.tsx';
import { t } from './strings.ts';

export interface EndpointFieldsProps {
  webhook: Webhook;
  disabled: boolean;
  onChange: (next: Webhook) => void;
}

const CHOICES = ['allow', 'deny'] as const;

export function EndpointFields({ webhook, disabled, onChange }: EndpointFieldsProps) {
  const lines = (text: string) => text.split('\n').map(line => line.trim());
  return (
    <>
      <label class="field">
        <span class="label">
          <Explained schema="Webhook" field="url">
            {t('url')}
          </Explained>
        </span>
        <input
          class="input mono"
          type="url"
          required
          value={webhook.url}
          disabled={disabled}
          spellcheck={false}
          onInput={event => onChange({ ...webhook, url: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span class="label">{t('token')}</span>
        <input
          class="input mono"
          value={webhook.token}
          disabled={disabled}
          autocomplete="off"
          spellcheck={false}
          onInput={event => onChange({ ...webhook, token: event.currentTarget.value })}
        />
        <span class="hint">{t('tokenHint')}</span>
      </label>
      <label class="field">
        <span class="label">{t('commands')}</span>
        <textarea
          class="input mono"
          rows={5}
          value={webhook.commands.join('\n')}
          disabled={disabled}
          spellcheck={false}
          onChange={event =>
            onChange({ ...webhook, commands: lines(event.currentTarget.value).filter(line => line !== '') })
          }
        />
        <span class="hint">{t('commandsHint')}</span>
      </label>
      <fieldset class="row">
        <legend class="legend">{t('timeout')}</legend>
        {CHOICES.map(choice => (
          <label key={choice} class="check">
            <input
              type="radio"
              name="timeout"
              checked={webhook.on_timeout === choice}
              disabled={disabled}
              onChange={() => onChange({ ...webhook, on_timeout: choice })}
            />
            {t(`timeout.${choice}`)}
          </label>
        ))}
      </fieldset>
    </>
  );
}
