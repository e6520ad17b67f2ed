import { translator } from '@yidu/ui/i18n/translate.ts';

export const en = {
  title: 'API explorer',
  lead: 'Every request of /api/v1, from the document of this very server. Requests go out with your session and your role.',
  filter: 'Filter requests',
  none: 'Nothing fits.',
  operations: 'Requests',
  path: 'In the path',
  query: 'In the query',
  header: 'Headers',
  body: 'Body',
  send: 'Send',
  danger: 'This request changes something on this server, now.',
  answer: 'Answer',
  took: (_: unknown, ms: number) => `${ms} ms`,
  curl: 'Copy as curl',
  curlHint: 'With the operator token from its file.',
  pick: 'Choose a request.',
  optional: 'optional',
};

export const zh: typeof en = {
  title: 'API 调试',
  lead: '/api/v1 的所有请求，来自这台服务器自己的文档。请求以您的会话和角色发出。',
  filter: '筛选请求',
  none: '没有匹配项。',
  operations: '请求列表',
  path: '路径参数',
  query: '查询参数',
  header: '请求头',
  body: '请求体',
  send: '发送',
  danger: '此请求会立即更改这台服务器上的内容。',
  answer: '应答',
  took: (_: unknown, ms: number) => `${ms} 毫秒`,
  curl: '复制为 curl',
  curlHint: '使用令牌文件中的管理令牌。',
  pick: '请选择一个请求。',
  optional: '可选',
};

export const t = translator({ en, 'zh-CN': zh });
