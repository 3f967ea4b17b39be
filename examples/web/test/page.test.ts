import { startMockSubject, startServerSubject, testPage } from './support/test-page.ts';

testPage('the mock', startMockSubject);
testPage('the server', startServerSubject);
