import { Explained } from '../../parts/explained.tsx';

export interface NumberRowProps {
  label: string;
  field: string;
  value: number;
  unit: string;
  hint: string;
  disabled: boolean;
  onChange: (value: number) => void;
}

/** A setting that is a number. */
export function NumberRow({ label, field, value, unit, hint, disabled, onChange }: NumberRowProps) {
  return (
    <label class="number-row">
      <Explained schema="Settings" field={field}>
        {label}
      </Explained>
      <input
        class="input compact numeric"
        type="number"
        min={0}
        value={value}
        disabled={disabled}
        onChange={event => onChange(Number(event.currentTarget.value))}
      />
      <span class="small">{unit}</span>
      <span class="muted small">{hint}</span>
    </label>
  );
}
