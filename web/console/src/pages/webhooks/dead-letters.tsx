import { format } from '@yidu/ui/i18n/language.ts';
import { Table } from '@yidu/ui/table.tsx';
import { toast } from '@yidu/ui/toast.tsx';
import { useState } from 'preact/hooks';
import { at, get, send } from '../../api.ts';
import type { DeadLetter } from '../../data/types.ts';
import { usePages } from '../../data/use-pages.ts';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Refused } from '../../parts/refused.tsx';
import { mayWrite } from '../../session.ts';
import { t } from './strings.ts';

const LIMIT = 100;

interface Page {
  dead_letters: DeadLetter[];
  next_below: number;
}

/** Calls that were given up; those chosen are tried again. */
export function DeadLetters({ app }: { app: string }) {
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [error, setError] = useState<Error>();
  const pages = usePages<DeadLetter>(
    async (below, signal) => {
      const page = await get<Page>(at`/apps/${app}/webhooks/dead-letters`, { below, limit: LIMIT }, signal);
      return { rows: page.dead_letters, next: page.next_below > 0 ? String(page.next_below) : undefined };
    },
    [app],
  );
  const replay = async () => {
    setError(undefined);
    try {
      const asked = { numbers: chosen };
      const { replayed } = await send<{ replayed: number }>('POST', at`/apps/${app}/webhooks/replay`, asked);
      toast(t('replayed', replayed));
      setChosen([]);
      pages.reload();
    } catch (refused) {
      setError(refused as Error);
    }
  };
  const choose = (number: number, on: boolean) =>
    setChosen(before => [...before.filter(one => one !== number), ...(on ? [number] : [])]);
  return (
    <section class="card flush" aria-busy={pages.loading}>
      <header class="row between padded">
        <div>
          <h2 class="card-title">{t('dead')}</h2>
          <p class="muted small">{t('deadLead')}</p>
        </div>
        {mayWrite.value && pages.rows.length > 0 && (
          <button type="button" class="button" disabled={chosen.length === 0} onClick={replay}>
            {chosen.length > 0 ? t('replayAll', chosen.length) : t('replay')}
          </button>
        )}
      </header>
      <Refused error={error} />
      <Table
        caption={t('dead')}
        rows={pages.rows}
        keyOf={letter => letter.number}
        empty={t('noDead')}
        columns={[
          {
            id: 'number',
            title: t('number'),
            cell: letter =>
              mayWrite.value ? (
                <label class="check numeric">
                  <input
                    type="checkbox"
                    aria-label={`${t('choose')} ${letter.number}`}
                    checked={chosen.includes(letter.number)}
                    onChange={event => choose(letter.number, event.currentTarget.checked)}
                  />
                  {format.value.number(letter.number)}
                </label>
              ) : (
                <span class="numeric">{format.value.number(letter.number)}</span>
              ),
          },
          { id: 'command', title: t('command'), cell: letter => <code>{letter.command}</code> },
          { id: 'time', title: t('happened'), cell: letter => <Moment ms={letter.time_ms} /> },
          { id: 'up', title: t('givenUp'), cell: letter => <Moment ms={letter.given_up_ms} /> },
          { id: 'reason', title: t('reason'), cell: letter => letter.reason },
        ]}
      />
      <More pages={pages} />
    </section>
  );
}
