// Numbers, times and plurals as a language writes them. All of it is the platform's Intl.

const DAY_MS = 86_400_000;
/** From here on numbers are shortened: 1.2 万, 12K. */
const COMPACT_FROM = 10_000;

/** How one language writes things. Times are in milliseconds. */
export interface Format {
  readonly language: string;
  /** `12,408` */
  number(value: number): string;
  /** The number itself below 10,000, then `12K`, `1.2万`. */
  compact(value: number): string;
  /** A share of 1: `76%` */
  percent(share: number): string;
  /** `14:02` */
  time(ms: number): string;
  /** `14:02:31` */
  seconds(ms: number): string;
  /** Today `14:02:31`, else the day before it. */
  exact(ms: number): string;
  /** Today's time, else the day: for lists. */
  short(ms: number): string;
  /** Today, yesterday, or the date. */
  day(ms: number): string;
  /** Day and time in full, with the time zone: for tooltips. */
  full(ms: number): string;
  /** `a, b and c` */
  list(items: string[]): string;
  /** The form that belongs to a number. */
  plural(value: number, forms: { one?: string; other: string }): string;
  /** Orders names. */
  compare(a: string, b: string): number;
}

export function formatOf(language: string): Format {
  const number = new Intl.NumberFormat(language);
  const short = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  const clock = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { hourCycle: 'h23', ...options });
  const time = clock({ hour: '2-digit', minute: '2-digit' });
  const seconds = clock({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const date = clock({ month: 'short', day: 'numeric' });
  const dateOfYear = clock({ year: 'numeric', month: 'short', day: 'numeric' });
  const full = clock({ dateStyle: 'full', timeStyle: 'long' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const list = new Intl.ListFormat(language);
  const plurals = new Intl.PluralRules(language);
  const collator = new Intl.Collator(language === 'zh-CN' ? 'zh-Hans-u-co-pinyin' : language);

  const dateOf = (ms: number) =>
    (new Date(ms).getFullYear() === new Date().getFullYear() ? date : dateOfYear).format(ms);
  const day = (ms: number) => {
    const ago = daysAgo(ms);
    return ago === 0 || ago === 1 ? capital(relative.format(-ago, 'day')) : dateOf(ms);
  };
  return {
    language,
    number: value => number.format(value),
    compact: value => (value < COMPACT_FROM ? String(value) : short.format(value)),
    percent: share => percent.format(share),
    time: ms => time.format(ms),
    seconds: ms => seconds.format(ms),
    exact: ms => (daysAgo(ms) === 0 ? seconds.format(ms) : `${dateOf(ms)} ${seconds.format(ms)}`),
    short: ms => (daysAgo(ms) === 0 ? time.format(ms) : day(ms)),
    day,
    full: ms => full.format(ms),
    list: items => list.format(items),
    plural: (value, forms) => (plurals.select(value) === 'one' ? (forms.one ?? forms.other) : forms.other),
    compare: collator.compare,
  };
}

function daysAgo(ms: number): number {
  const start = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((start(Date.now()) - start(ms)) / DAY_MS);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
