// The text of a rule file as the editor changes it: line by line, so that every other letter stays as it was written.

export const NEW_RULE = `rules:
  - id: my-rule
    title: What this finds
    kind: purchase-intent
    status: shadow
    match: |
      "looking for" NEAR/5 (crm OR "help desk")
    tests:
      match: ["We are looking for a new CRM"]
      nomatch: ["Looking for my keys"]
`

// The places of a rule's block: [first line, one past the last, how far its keys are indented]; null: it is not there.
function block(lines, id) {
	const first = lines.findIndex((line) => new RegExp(`^\\s*- +(\\{ *)?id: *['"]?${id}['"]?(\\s|,|$)`).test(line))
	if (first < 0) {
		return null
	}
	const dash = lines[first].search(/\S/)
	let end = first + 1
	while (end < lines.length && (lines[end].trim() === '' || lines[end].search(/\S/) > dash)) {
		end++
	}
	return [first, end, lines[first].indexOf('id:')]
}

// The text with that status; null: it is written in a way that people have to change by hand.
export function withStatus(text, id, status) {
	const lines = text.split('\n')
	const at = block(lines, id)
	if (at === null || lines[at[0]].includes('{')) {
		return null
	}
	const [first, end, indent] = at
	const key = new RegExp(`^ {${indent}}status:`)
	const line = lines.findIndex((l, i) => i > first && i < end && key.test(l))
	if (line >= 0) {
		lines[line] = lines[line].replace(/status:\s*[\w-]+/, `status: ${status}`)
	} else {
		lines.splice(first + 1, 0, `${' '.repeat(indent)}status: ${status}`)
	}
	return lines.join('\n')
}

// A file of one's own with that rule alone, under another name and on trial, and what it leans on.
export function copyOf(text, id) {
	const lines = text.split('\n')
	const at = block(lines, id)
	const head = lines.findIndex((line) => /^rules:/.test(line))
	if (at === null || head < 0) {
		return text
	}
	const [first, end] = at
	const rule = lines.slice(first, end)
	rule[0] = rule[0].replace(id, `own-${id}`)
	const own = [...lines.slice(0, head + 1), ...rule].join('\n').replace(/\n*$/, '\n')
	return withStatus(own, `own-${id}`, 'shadow') ?? own
}

// The id that a new file is called after.
export function firstId(text) {
	return /^\s*- +(?:\{ *)?id: *['"]?([\w-]+)/m.exec(text)?.[1] ?? null
}

// Where that line and column, in characters, are in the text.
export function offsetOf(text, line, column) {
	const lines = text.split('\n')
	const before = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0)
	return before + [...(lines[line - 1] ?? '')].slice(0, Math.max(0, column - 1)).join('').length
}
