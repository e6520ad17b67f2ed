import { useId } from 'preact/hooks';
import { type Parameter, schemaOf } from '../../data/explain.ts';
import { t } from './strings.ts';

export interface ParameterFieldProps {
  parameter: Parameter;
  value: string;
  onChange: (value: string) => void;
}

export function ParameterField({ parameter, value, onChange }: ParameterFieldProps) {
  const { name, description, required, schema } = parameter;
  const choices = schemaOf(schema).enum;
  const id = useId();
  return (
    <div class="field">
      <label class="label mono" for={id}>
        {name} {!required && <span class="muted small">{t('optional')}</span>}
      </label>
      {choices ? (
        <select id={id} class="input" value={value} onChange={event => onChange(event.currentTarget.value)}>
          <option value="" />
          {choices.map(choice => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          class="input mono"
          value={value}
          required={required ?? false}
          spellcheck={false}
          onInput={event => onChange(event.currentTarget.value)}
        />
      )}
      {description && <span class="hint">{description}</span>}
    </div>
  );
}
