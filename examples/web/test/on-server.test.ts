import { startServerSubject, testPage } from './support/test-page.ts';

testPage('the server', startServerSubject);
