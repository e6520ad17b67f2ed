import { ApiError } from '../api.ts';
import { t } from '../shell/strings.ts';

/** What went wrong, in the server's own words, and a way to try again. */
export function Refused({ error, retry }: { error: Error | undefined; retry?: () => void }) {
  if (!error) {
    return null;
  }
  const text = error instanceof ApiError ? error.message : t('offline');
  return (
    <div class="alert row between" role="alert">
      <span>
        {text}
        {error instanceof ApiError && error.code > 0 && <span class="mono"> · {error.code}</span>}
      </span>
      {retry && (
        <button type="button" class="button small" onClick={retry}>
          {t('retry')}
        </button>
      )}
    </div>
  );
}
