import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { forget } from './forget'

it('a first answer on its way when something changes is not the one that stays', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  let kept = 'before'
  let answer = () => {}
  const late = new Promise<void>(resolve => {
    answer = resolve
  })
  let asked = 0
  const observer = new QueryObserver(client, {
    queryKey: ['saved', 'list'],
    queryFn: async () => {
      const found = kept
      if (++asked === 1) await late
      return found
    },
  })
  const stop = observer.subscribe(() => {})
  kept = 'after'
  const done = forget(client, 'saved')
  answer()
  await done
  expect(observer.getCurrentResult().data).toBe('after')
  expect(asked).toBe(2)
  stop()
})
