// What somebody pastes to find a message: an id, a place, or a line of a client's log.

export type Wanted = { kind: 'query'; q: string } | { kind: 'nothing' };

/** `group@seq`; ids of groups may hold `@` and `#` themselves (`@TGS#2J4SZEAEL`). */
const PLACE = /^(\S{1,48})@(\d{1,19})$/;
/** Ids that the server gives: sender's number, time, random number. */
const ID = /\b\d{1,20}-\d{9,13}-\d{1,10}\b/;
const NAMED_ID = /\b(?:message_?id|msg_?id|msgkey|ID)\b["']?\s*[=:]\s*["']?([^\s"',;}\])]+)/i;
const NAMED_GROUP = /\bgroup_?id\b["']?\s*[=:]\s*["']?([^\s"',;}\])]+)/i;
const NAMED_SEQ = /\b(?:msg_?)?seq(?:uence)?\b["']?\s*[=:]\s*["']?(\d{1,19})/i;
const PLACE_IN_LINE = /(?:^|[\s"'[(=:])([^\s"'[(=:]{1,48})@(\d{1,19})(?=$|[\s"'\]),;])/;

/** The look-up that a text asks for. A bare word is taken for a message id. */
export function parseWanted(text: string): Wanted {
  const line = text.trim();
  if (line === '') {
    return { kind: 'nothing' };
  }
  const query = (q: string): Wanted => ({ kind: 'query', q });
  if (PLACE.test(line) || (!/\s/.test(line) && !/[=:{"]/.test(line))) {
    return query(line);
  }
  const group = NAMED_GROUP.exec(line)?.[1];
  const seq = NAMED_SEQ.exec(line)?.[1];
  if (group && seq) {
    return query(`${group}@${seq}`);
  }
  const named = NAMED_ID.exec(line)?.[1];
  const id = ID.exec(line)?.[0] ?? (named && /\d/.test(named) ? named : undefined);
  if (id) {
    return query(id);
  }
  const place = PLACE_IN_LINE.exec(line);
  return place ? query(`${place[1]}@${place[2]}`) : { kind: 'nothing' };
}
