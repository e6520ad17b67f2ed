import { GROUP_TYPES, type GroupType, type Settings } from '../../data/types.ts';
import { Explained } from '../../parts/explained.tsx';
import { t } from './strings.ts';

export interface TypeListProps {
  settings: Settings;
  disabled: boolean;
  onChange: (next: Settings) => void;
}

/** The vendor's `tick boxes`, with the limits of each type. AVChatRoom is shown and says why it cannot be ticked. */
export function TypeList({ settings, disabled, onChange }: TypeListProps) {
  const ticked = new Set(settings.receipt_group_types);
  const tick = (type: GroupType, on: boolean) => {
    const types = GROUP_TYPES.filter(one => (one === type ? on : ticked.has(one)));
    onChange({ ...settings, receipt_group_types: types });
  };
  const limit = (type: GroupType, members: number) =>
    onChange({ ...settings, group_limits: { ...settings.group_limits, [type]: members } });
  return (
    <ul class="type-list">
      {GROUP_TYPES.map(type => {
        const impossible = type === 'AVChatRoom';
        const hint = impossible ? t('impossible') : type === 'Community' ? t('ours') : '';
        return (
          <li key={type} class="type-row">
            <label class="check">
              <input
                type="checkbox"
                checked={ticked.has(type)}
                disabled={disabled || impossible}
                aria-describedby={hint ? `hint-${type}` : undefined}
                onChange={event => tick(type, event.currentTarget.checked)}
              />
              {t(`type.${type}`)}
            </label>
            <span id={`hint-${type}`} class="muted small">
              {hint}
            </span>
            <label class="limit small">
              <input
                class="input compact numeric"
                type="number"
                min={1}
                aria-label={`${t(`type.${type}`)}: ${t('limit')}`}
                value={settings.group_limits[type]}
                disabled={disabled}
                onChange={event => limit(type, Number(event.currentTarget.value))}
              />
              <Explained schema="GroupLimits" field={type}>
                {t('limit')}
              </Explained>
            </label>
          </li>
        );
      })}
    </ul>
  );
}
