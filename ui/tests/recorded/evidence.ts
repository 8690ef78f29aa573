// The evidence of the recorded day, as it was stored.
import type { EvidenceView } from '../../src/types';
import day from './day.json';

const texts = import.meta.glob<string>('./evidence/*.txt', { query: '?raw', import: 'default' });

export async function evidenceOf(incident: number): Promise<EvidenceView[]> {
  const records = day.incidents.find((i) => i.id === incident)?.evidence ?? [];
  return Promise.all(
    records.map(async ({ kind, digest }) => ({
      kind,
      digest,
      text: (await texts[`./evidence/${kind}.txt`]?.()) ?? '',
    })),
  );
}
