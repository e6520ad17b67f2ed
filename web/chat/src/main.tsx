import '@yidu/ui/ui.css';
import '@yidu/ui/theme.ts';
import { translator } from '@yidu/ui/i18n/translate.ts';
import { render } from 'preact';

const t = translator({
  en: {
    title: 'Yidu',
    chat: 'The web chat is not built yet. Clients connect with the SDKs and the C library.',
    console: "To the administrator's console",
  },
  'zh-CN': {
    title: '已读',
    chat: '网页聊天尚未完成。请使用 SDK 或 C 库连接。',
    console: '前往管理控制台',
  },
});

function App() {
  return (
    <main>
      <h1>{t('title')}</h1>
      <p>{t('chat')}</p>
      <p>
        <a href="/console/">{t('console')}</a>
      </p>
    </main>
  );
}

const root = document.getElementById('app');
if (root) {
  render(<App />, root);
}
