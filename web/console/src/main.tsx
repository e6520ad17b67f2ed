import '@yidu/ui/ui.css';
import '@yidu/ui/theme.ts';
import './console.css';
import { render } from 'preact';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root) {
  render(<App />, root);
}
