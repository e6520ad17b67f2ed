import { Explained } from '../../parts/explained.tsx';
import { t } from './strings.ts';

/** What the server tells and asks; `docs/webhooks.md` has the bodies. */
const COMMANDS = [
  'Group.CallbackAfterReadReceipt',
  'Yidu.C2CMessageReceipt',
  'C2C.CallbackAfterMsgReport',
  'Group.CallbackAfterSendMsg',
  'C2C.CallbackAfterSendMsg',
  'Group.CallbackAfterRecallMsg',
  'C2C.CallbackAfterMsgWithDraw',
  'Group.CallbackAfterNewMemberJoin',
  'Group.CallbackAfterMemberExit',
  'Group.CallbackAfterCreateGroup',
  'Group.CallbackAfterGroupDestroyed',
  'State.StateChange',
  'Group.CallbackBeforeSendMsg',
  'C2C.CallbackBeforeSendMsg',
];

export interface CommandsProps {
  chosen: readonly string[];
  disabled: boolean;
  onChange: (next: string[]) => void;
}

/** Which commands the back end takes. One that this page does not know stays as it is. */
export function Commands({ chosen, disabled, onChange }: CommandsProps) {
  const all = [...COMMANDS, ...chosen.filter(one => !COMMANDS.includes(one))];
  return (
    <fieldset>
      <legend class="legend">
        <Explained schema="Webhook" field="commands">
          {t('commands')}
        </Explained>
      </legend>
      <div class="commands">
        {all.map(command => (
          <label key={command} class="check mono">
            <input
              type="checkbox"
              checked={chosen.includes(command)}
              disabled={disabled}
              onChange={event =>
                onChange(
                  all.filter(one => (one === command ? event.currentTarget.checked : chosen.includes(one))),
                )
              }
            />
            {command}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
