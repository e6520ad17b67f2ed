import type { Webhook } from '../../data/types.ts';
import { Explained } from '../../parts/explained.tsx';
import { Commands } from './commands.tsx';
import { t } from './strings.ts';

export interface EndpointFieldsProps {
  webhook: Webhook;
  disabled: boolean;
  onChange: (next: Webhook) => void;
}

const CHOICES = ['allow', 'deny'] as const;

export function EndpointFields({ webhook, disabled, onChange }: EndpointFieldsProps) {
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
      <Commands
        chosen={webhook.commands}
        disabled={disabled}
        onChange={commands => onChange({ ...webhook, commands })}
      />
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
