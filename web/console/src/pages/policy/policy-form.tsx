import { type Settings, VIEWERS } from '../../data/types.ts';
import { Explained } from '../../parts/explained.tsx';
import { NumberRow } from './number-row.tsx';
import { t } from './strings.ts';
import { TypeList } from './type-list.tsx';

const VENDOR = ['Work', 'Public', 'Meeting'] as const;

export interface PolicyFormProps {
  settings: Settings;
  disabled: boolean;
  onChange: (next: Settings) => void;
}

/** The settings that make the policy of an app. */
export function PolicyForm({ settings, disabled, onChange }: PolicyFormProps) {
  return (
    <>
      <fieldset class="card">
        <legend class="card-title">
          <Explained schema="Settings" field="receipt_group_types">
            {t('types')}
          </Explained>
        </legend>
        {!disabled && (
          <button
            type="button"
            class="link small"
            onClick={() => onChange({ ...settings, receipt_group_types: [...VENDOR] })}
          >
            {t('parity')}
          </button>
        )}
        <TypeList settings={settings} disabled={disabled} onChange={onChange} />
        <p class="muted small">{t('peers')}</p>
      </fieldset>
      <fieldset class="card">
        <legend class="card-title">
          <Explained schema="ReceiptViewers">{t('viewers')}</Explained>
        </legend>
        <div class="row wide-gap">
          {VIEWERS.map(viewers => (
            <label key={viewers} class="check">
              <input
                type="radio"
                name="viewers"
                checked={settings.receipt_viewers === viewers}
                disabled={disabled}
                onChange={() => onChange({ ...settings, receipt_viewers: viewers })}
              />
              {t(`viewers.${viewers}`)}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset class="card">
        <legend class="card-title">{t('keep')}</legend>
        <NumberRow
          label={t('history')}
          field="history_days"
          value={settings.history_days}
          unit={t('days', settings.history_days)}
          hint={t('forever')}
          disabled={disabled}
          onChange={value => onChange({ ...settings, history_days: value })}
        />
        <NumberRow
          label={t('recall')}
          field="recall_seconds"
          value={settings.recall_seconds}
          unit={t('seconds', settings.recall_seconds)}
          hint={t('never')}
          disabled={disabled}
          onChange={value => onChange({ ...settings, recall_seconds: value })}
        />
      </fieldset>
    </>
  );
}
