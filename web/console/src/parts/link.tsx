import type { ComponentChildren } from 'preact';
import { href, navigate, type PageName, type Params } from '../router.ts';

export interface LinkProps {
  to: PageName;
  params?: Params;
  query?: Params;
  class?: string;
  current?: boolean;
  onFollow?: () => void;
  children: ComponentChildren;
}

/** A link to a page of the console: followed without a load, opened in a tab of its own as any link. */
export function Link({ to, params, query, class: more, current, onFollow, children }: LinkProps) {
  const address = href(to, params, query);
  return (
    <a
      href={address}
      class={more ?? 'link'}
      aria-current={current ? 'page' : undefined}
      onClick={event => {
        if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
          event.preventDefault();
          navigate(address);
          onFollow?.();
        }
      }}
    >
      {children}
    </a>
  );
}
