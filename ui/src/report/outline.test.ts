import { expect, test } from 'vitest';
import type { Block } from '../types';
import { anchor, outline, plain } from './outline';

const run = (text: string, over = {}) => ({ text, strong: false, emphasis: false, code: false, ...over });
const heading = (level: number, ...text: string[]): Block => ({
  kind: 'heading',
  level,
  text: text.map((part) => run(part)),
});

test('headings of two levels, each with an id of its own', () => {
  const blocks: Block[] = [
    heading(1, 'Monitoring Session'),
    { kind: 'rule' },
    heading(2, 'Log'),
    heading(3, 'Hour 1', ' (16:30)'),
    heading(4, 'Too deep'),
    heading(2, 'Log'),
  ];
  expect(outline(blocks)).toEqual([
    { id: anchor(2), text: 'Log', depth: 0 },
    { id: anchor(3), text: 'Hour 1 (16:30)', depth: 1 },
    { id: anchor(5), text: 'Log', depth: 0 },
  ]);
});

test('a run of text loses its looks and nothing else', () => {
  expect(plain([run('<b>', { strong: true }), run(' & '), run('a', { code: true })])).toBe('<b> & a');
});
