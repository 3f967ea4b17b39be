import { startMockSubject, testPage } from './support/test-page.ts';

testPage('the mock', startMockSubject);
