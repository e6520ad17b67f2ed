import '@yidu/ui/ui.css';
import '@yidu/ui/theme.ts';
import { translator } from '@yidu/ui/i18n/translate.ts';
import { render } from 'preact';

const t = translator({ en: { title: 'Yidu' }, 'zh-CN': { title: '已读' } });

function App() {
  return (
    <main>
      <h1>{t('title')}</h1>
    </main>
  );
}

const root = document.getElementById('app');
if (root) {
  render(<App />, root);
}
