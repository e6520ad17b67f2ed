import { translator } from '@yidu/ui/i18n/translate.ts';

export const en = {
  title: 'Sign in',
  lead: 'Who reads, who has not, and which groups may ask: the console of this server.',
  how: 'How to sign in',
  'way.password': 'Password',
  'way.token': 'Operator token',
  'way.setup': 'First start',
  name: 'Name',
  password: 'Password',
  passwordNew: 'New password',
  passwordRule: '10 characters at least.',
  token: 'Operator token',
  tokenHint: 'The line in the file operator.token in the data folder. It signs in as owner.',
  setupToken: 'Set-up token',
  setupHint:
    'The server printed it when it was started without an operator. It works once and makes the first owner.',
  signIn: 'Sign in',
  setUp: 'Make the first owner',
};

export const zh: typeof en = {
  title: '登录',
  lead: '谁已读、谁未读、哪些群可以要求回执：这台服务器的控制台。',
  how: '登录方式',
  'way.password': '密码',
  'way.token': '管理令牌',
  'way.setup': '首次启动',
  name: '用户名',
  password: '密码',
  passwordNew: '新密码',
  passwordRule: '至少 10 个字符。',
  token: '管理令牌',
  tokenHint: '数据目录中 operator.token 文件里的一行，以所有者身份登录。',
  setupToken: '初始化令牌',
  setupHint: '服务器在没有管理员时启动会打印它。只能用一次，用来创建第一个所有者。',
  signIn: '登录',
  setUp: '创建第一个所有者',
};

export const t = translator({ en, 'zh-CN': zh });
