import { translator } from '@yidu/ui/i18n/translate.ts';

export const en = {
  title: 'Nodes and storage',
  lead: 'What runs, since when, and on which disk.',
  node: 'Node',
  version: 'Version',
  uptime: 'Up for',
  disk: 'Data folder',
  cache: 'Cache',
  commits: 'Commits',
  syncs: 'Syncs',
  receipts: 'Receipts recorded',
  unfolded: 'Not yet folded',
  free: 'Free on the disk',
  of: 'Size of the disk',
  config: 'Settings of this node',
  configLead:
    'Read-only: they are changed in the file or the environment, with a restart. No secret is among them.',
  key: 'Setting',
  value: 'Value',
  none: 'None.',
  filter: 'Filter settings',
};

export const zh: typeof en = {
  title: '节点与存储',
  lead: '运行的是什么、从何时起、在哪块磁盘上。',
  node: '节点',
  version: '版本',
  uptime: '已运行',
  disk: '数据目录',
  cache: '缓存',
  commits: '提交',
  syncs: '同步',
  receipts: '已记录回执',
  unfolded: '尚未合并',
  free: '磁盘可用',
  of: '磁盘大小',
  config: '此节点的设置',
  configLead: '只读：在配置文件或环境变量中修改，重启后生效。其中不含任何密钥。',
  key: '设置',
  value: '值',
  none: '无。',
  filter: '筛选设置',
};

export const t = translator({ en, 'zh-CN': zh });
