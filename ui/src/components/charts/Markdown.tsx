import { Fragment, type ReactNode, useMemo } from 'react'
import { BASE, linkWithin } from '../../lib/space'
import { type Block, type Inline, parseMarkdown } from '../../lib/vis/markdown'
import styles from './Markdown.module.css'

/** Text with marks. Nothing in it becomes HTML by itself. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text])
  const outline = levelsOf(blocks)
  return <div className={styles.text}>{blocks.map((block, at) => drawBlock(block, at, outline))}</div>
}

// The parts of a text have no names of their own and are drawn as a whole: their place is their key.

/** The page has its own first heading; those of a text are beneath it, each at most one step deeper than the one before. */
function levelsOf(blocks: readonly Block[]): number[] {
  let before = 1
  return blocks.map(block => {
    if (block.kind === 'heading') before = Math.min(6, block.level + 1, before + 1)
    return before
  })
}

function drawBlock(block: Block, key: number, outline: readonly number[]): ReactNode {
  switch (block.kind) {
    case 'heading': {
      const Level = `h${outline[key] ?? 2}` as 'h2'
      return (
        <Level key={key} data-level={block.level}>
          {drawAll(block.children)}
        </Level>
      )
    }
    case 'paragraph':
      return <p key={key}>{drawAll(block.children)}</p>
    case 'quote':
      return <blockquote key={key}>{drawAll(block.children)}</blockquote>
    case 'code':
      return <pre key={key}>{block.text}</pre>
    case 'rule':
      return <hr key={key} />
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul'
      return (
        <List key={key} data-ordered={block.ordered}>
          {block.items.map((item, at) => (
            <li key={at}>{drawAll(item)}</li>
          ))}
        </List>
      )
    }
    case 'table':
      return (
        <table key={key}>
          <thead>{cells('th', block.head)}</thead>
          <tbody>
            {block.rows.map((row, at) => (
              <Fragment key={at}>{cells('td', row)}</Fragment>
            ))}
          </tbody>
        </table>
      )
  }
}

const cells = (Cell: 'th' | 'td', row: Inline[][]) => (
  <tr>
    {row.map((cell, at) => (
      <Cell key={at}>{drawAll(cell)}</Cell>
    ))}
  </tr>
)

const drawAll = (parts: Inline[]): ReactNode => parts.map(drawInline)

function drawInline(part: Inline, key: number): ReactNode {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'code':
      return <code key={key}>{part.text}</code>
    case 'strong':
      return <strong key={key}>{drawAll(part.children)}</strong>
    case 'emphasis':
      return <em key={key}>{drawAll(part.children)}</em>
    case 'deleted':
      return <del key={key}>{drawAll(part.children)}</del>
    case 'link':
      return (
        <a
          key={key}
          href={linkWithin(BASE, part.href)}
          rel="noreferrer noopener"
          target={part.href.startsWith('http') ? '_blank' : undefined}
        >
          {drawAll(part.children)}
        </a>
      )
  }
}
