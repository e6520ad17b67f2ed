// Elements in the vendor's form.

import type { Element, GroupTipElement } from '../gen/server.ts';
import { TYPES } from '../types.ts';

interface Shown {
  type: string;
  payload: unknown;
}

/** An element as the vendor's SDK shows it; a kind that this SDK does not show (files and their like) is `MSG_UNKNOWN`. */
export function shown(element: Element | undefined): Shown {
  const kind = element?.kind;
  switch (kind?.$case) {
    case 'text':
      return { type: TYPES.MSG_TEXT, payload: { text: kind.value.content } };
    case 'custom': {
      const { data, description, extension } = kind.value;
      return { type: TYPES.MSG_CUSTOM, payload: { data, description, extension } };
    }
    case 'face':
      return { type: TYPES.MSG_FACE, payload: kind.value };
    case 'location':
      return { type: TYPES.MSG_LOCATION, payload: kind.value };
    case 'groupTip':
      return { type: TYPES.MSG_GRP_TIP, payload: tip(kind.value) };
    default:
      return { type: TYPES.MSG_UNKNOWN, payload: {} };
  }
}

/** Names of what `GroupChange.what` tells, by its number. */
const CHANGED: Record<number, string> = {
  1: 'name',
  2: 'introduction',
  3: 'notification',
  4: 'avatar',
  5: 'ownerID',
  8: 'muteAllMembers',
};

function tip(tip: GroupTipElement): unknown {
  const newGroupProfile: Record<string, unknown> = {};
  for (const { what, value, boolValue } of tip.groupChanges) {
    newGroupProfile[CHANGED[what] ?? what] = what === 8 ? boolValue : value;
  }
  return {
    operatorID: tip.by,
    operationType: tip.type,
    userIDList: tip.users,
    memberCount: tip.memberCount,
    newGroupProfile,
    memberList: tip.memberChanges.map(({ userId, mutedUntilMs }) => ({
      userID: userId,
      muteTime: Math.floor(mutedUntilMs / 1000),
    })),
    reason: tip.reason,
  };
}

/** The line that a conversation list shows. */
export function oneLine(type: string, payload: { text?: string; description?: string } | undefined): string {
  switch (type) {
    case TYPES.MSG_TEXT:
      return payload?.text ?? '';
    case TYPES.MSG_CUSTOM:
      return payload?.description ?? '';
    default:
      return '';
  }
}
