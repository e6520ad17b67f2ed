import { defineConfig } from 'vite';
import { appConfig } from '../scripts/app-config.ts';

export default defineConfig(appConfig('chat', '/'));
