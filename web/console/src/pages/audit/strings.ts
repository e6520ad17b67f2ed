import { translator } from '@yidu/ui/i18n/translate.ts';

export const en = {
  title: 'Audit log',
  lead: 'Who changed what in this app, newest first.',
  at: 'At',
  by: 'By',
  what: 'What',
  whom: 'To what',
  change: 'Change',
  field: 'Field',
  before: 'Before',
  after: 'After',
  none: 'Nothing was changed yet.',
  same: 'No field differs.',
};

export const zh: typeof en = {
  title: '审计日志',
  lead: '谁在此应用中更改了什么，最新的在前。',
  at: '时间',
  by: '操作者',
  what: '操作',
  whom: '对象',
  change: '更改',
  field: '字段',
  before: '之前',
  after: '之后',
  none: '还没有更改。',
  same: '没有差异。',
};

export const t = translator({ en, 'zh-CN': zh });
