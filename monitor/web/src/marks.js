// Cuts a text where hark's spans begin and end. Spans count UTF-8 bytes; a piece is [text, whether it is marked].
export function cut(text, spans, field) {
	const bytes = new TextEncoder().encode(text)
	const wanted = (spans ?? []).filter((s) => s.field === field && s.start < s.end && s.end <= bytes.length)
		.sort((a, b) => a.start - b.start)
	const words = new TextDecoder()
	const pieces = []
	let at = 0
	for (const { start, end } of wanted) {
		if (end <= at) {
			continue
		}
		if (start > at) {
			pieces.push([words.decode(bytes.subarray(at, start)), false])
		}
		pieces.push([words.decode(bytes.subarray(Math.max(start, at), end)), true])
		at = end
	}
	if (at < bytes.length) {
		pieces.push([words.decode(bytes.subarray(at)), false])
	}
	return pieces
}
