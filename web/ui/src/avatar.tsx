const HUES = 8;

/** What stands for a name: of Chinese names the last two characters, else one letter. */
export function initialsOf(name: string): string {
  const han = [...name].filter(character => /\p{Script=Han}/u.test(character));
  if (han.length > 0) {
    return han.slice(-2).join('');
  }
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? '#';
  return letter.toUpperCase();
}

/** Everybody keeps one colour. */
function hueOf(id: string): number {
  let hash = 0;
  for (const character of id) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 9_973;
  }
  return hash % HUES;
}

export interface AvatarProps {
  id: string;
  name: string;
  /** Shown when it is an address of http or https. */
  picture?: string;
  size?: 'small' | 'normal';
}

/** A picture or initials beside a name that is written out: never said by itself. */
export function Avatar({ id, name, picture = '', size = 'normal' }: AvatarProps) {
  const classes = `avatar ${size} hue-${hueOf(id)}`;
  if (/^https?:\/\//i.test(picture)) {
    return <img class={classes} src={picture} alt="" loading="lazy" referrerpolicy="no-referrer" />;
  }
  const initials = initialsOf(name || id);
  return (
    <span class={initials.length > 1 ? `${classes} two` : classes} aria-hidden="true">
      {initials}
    </span>
  );
}
