import { expect, it } from 'vitest';
import { SlidingWindow, WINDOW_SECONDS } from './sliding-window.ts';

it('counts a request for an hour and no longer', () => {
  const window = new SlidingWindow();
  window.add(1_000, 1);
  expect(window.used(1_000 + WINDOW_SECONDS - 1)).toBe(1);
  expect(window.used(1_000 + WINDOW_SECONDS)).toBe(0);
});

it('slides: each second expires by itself, and the oldest says when', () => {
  const window = new SlidingWindow();
  window.add(1_000, 2);
  window.add(1_010, 3);
  expect(window.resetAt(1_010)).toBe(1_000 + WINDOW_SECONDS);
  expect(window.used(1_000 + WINDOW_SECONDS)).toBe(3);
  expect(window.resetAt(1_000 + WINDOW_SECONDS)).toBe(1_010 + WINDOW_SECONDS);
});

it('says an hour from now where nothing counts', () => {
  expect(new SlidingWindow().resetAt(5_000)).toBe(5_000 + WINDOW_SECONDS);
});

it('counts from now on what was counted in the future: the clock was set back', () => {
  const window = new SlidingWindow();
  window.add(20_000, 2);
  window.add(20_001, 1);
  expect([window.used(2_000), window.resetAt(2_000)]).toEqual([3, 2_000 + WINDOW_SECONDS]);
  expect(window.used(2_000 + WINDOW_SECONDS)).toBe(0);
});
