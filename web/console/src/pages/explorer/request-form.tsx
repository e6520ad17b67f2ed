import { useState } from 'preact/hooks';
import { session } from '../../api.ts';
import { currentApp } from '../../data/apps.ts';
import { Copy } from '../../parts/copy.tsx';
import { Refused } from '../../parts/refused.tsx';
import { ParameterField } from './parameter-field.tsx';
import { bodyOf, curl, example, filled, headersOf, type Listed } from './request.ts';
import { t } from './strings.ts';

/** Answers that are longer are cut in the page. */
const LONGEST = 200_000;

interface Told {
  status: string;
  tookMs: number;
  text: string;
}

/** Runs a request with the session and returns what came, whatever it was. */
async function run(listed: Listed, values: Record<string, string>, body: string): Promise<Told> {
  const start = performance.now();
  const response = await fetch(filled(listed, values), {
    method: listed.method,
    headers: [
      ...headersOf(listed, values),
      ['yidu-csrf', session.value?.csrf ?? ''],
      ...(body ? ([['content-type', 'application/json']] as [string, string][]) : []),
    ],
    ...(body && { body }),
  });
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  const shown = json && text && text.length < LONGEST ? JSON.stringify(JSON.parse(text), null, 2) : text;
  const etag = response.headers.get('etag');
  return {
    status: `${response.status} ${response.statusText}${etag ? ` · ETag ${etag}` : ''}`,
    tookMs: Math.round(performance.now() - start),
    text: shown.slice(0, LONGEST),
  };
}

export function RequestForm({ listed }: { listed: Listed }) {
  const { method, path, operation } = listed;
  const schema = bodyOf(listed);
  const [values, setValues] = useState<Record<string, string>>({ app: currentApp.value });
  const [body, setBody] = useState(() => (schema ? JSON.stringify(example(schema), null, 2) : ''));
  const [told, setTold] = useState<Told>();
  const [error, setError] = useState<Error>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setError(undefined);
    setTold(undefined);
    await run(listed, values, body).then(setTold, setError);
  };
  return (
    <form class="card" onSubmit={submit}>
      <h2 class="card-title">{operation.summary}</h2>
      <p class="mono small">
        <span class={`method ${method.toLowerCase()}`}>{method}</span> {path}
      </p>
      {operation.description && <p class="muted small pre">{operation.description}</p>}
      {(operation.parameters ?? []).map(parameter => (
        <ParameterField
          key={`${parameter.in}/${parameter.name}`}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          onChange={value => setValues(before => ({ ...before, [parameter.name]: value }))}
        />
      ))}
      {schema && (
        <label class="field">
          <span class="label">{t('body')}</span>
          <textarea
            class="input mono"
            rows={8}
            value={body}
            spellcheck={false}
            onInput={event => setBody(event.currentTarget.value)}
          />
        </label>
      )}
      {method !== 'GET' && <p class="note">{t('danger')}</p>}
      <div class="row">
        <button type="submit" class={method === 'GET' ? 'button primary' : 'button danger'}>
          {t('send')}
        </button>
        <Copy text={curl(listed, values, body, location.origin)} label={t('curl')} />
        <span class="muted small">{t('curlHint')}</span>
      </div>
      <Refused error={error} />
      {told && (
        <section aria-label={t('answer')} aria-live="polite">
          <p class="row between small">
            <strong class="mono">{told.status}</strong>
            <span class="muted numeric">{t('took', told.tookMs)}</span>
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
          <pre class="answer" tabIndex={0}>
            {told.text}
          </pre>
        </section>
      )}
    </form>
  );
}
