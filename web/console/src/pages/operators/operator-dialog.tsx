import { useState } from 'preact/hooks';
import { at, send } from '../../api.ts';
import type { Operator, Role } from '../../data/types.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { t } from './strings.ts';

const ROLES = ['viewer', 'operator', 'owner'] as const;

export interface OperatorDialogProps {
  operator: Operator | 'new';
  onClose: () => void;
  onDone: () => void;
}

/** Makes an operator, or changes role and password of one. */
export function OperatorDialog({ operator, onClose, onDone }: OperatorDialogProps) {
  const known = operator === 'new' ? undefined : operator;
  const [name, setName] = useState(known?.name ?? '');
  const [role, setRole] = useState<Role>(known?.role ?? 'viewer');
  const [password, setPassword] = useState('');
  const run = async () => {
    if (known) {
      await send('PUT', at`/operators/${known.name}`, { role, ...(password && { password }) });
    } else {
      await send('POST', '/operators', { name: name.trim(), role, password });
    }
    onDone();
  };
  return (
    <Confirm
      title={t(known ? 'changeTitle' : 'add')}
      word=""
      act={t(known ? 'change' : 'addAct')}
      danger={false}
      onClose={onClose}
      run={run}
    >
      {known && <p>{t('changeText')}</p>}
      <label class="field">
        <span class="label">{t('name')}</span>
        <input
          class="input"
          required
          maxLength={64}
          value={name}
          disabled={known !== undefined}
          autocomplete="off"
          onInput={event => setName(event.currentTarget.value)}
        />
      </label>
      <fieldset class="field">
        <legend class="legend">{t('role')}</legend>
        {ROLES.map(one => (
          <label key={one} class="check">
            <input type="radio" name="role" checked={role === one} onChange={() => setRole(one)} />
            {t(`role.${one}`)} <span class="muted small">{t(`means.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span class="label">{t(known ? 'newPassword' : 'password')}</span>
        <input
          class="input"
          type="password"
          required={!known}
          minLength={10}
          value={password}
          autocomplete="new-password"
          onInput={event => setPassword(event.currentTarget.value)}
        />
        <span class="hint">{t('rule')}</span>
      </label>
    </Confirm>
  );
}
