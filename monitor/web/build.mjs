// Bundles the inbox and writes it as C: node build.mjs OUT.c, in a folder with node_modules.
// Nothing in the result depends on the machine, the folder or the time.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { PAGES } from './src/pages.js'

const here = dirname(fileURLToPath(import.meta.url))
const esbuild = createRequire(join(process.cwd(), 'x.js'))('esbuild')

const built = await esbuild.build({
	entryPoints: [join(here, 'src/main.js'), join(here, 'src/app.css')],
	bundle: true,
	minify: true,
	write: false,
	outdir: 'out',
	format: 'esm',
	target: ['es2022', 'chrome105', 'firefox110', 'safari16'],
	charset: 'utf8',
	legalComments: 'none',
	nodePaths: [join(process.cwd(), 'node_modules')],
	absWorkingDir: here,
})
const bundle = (ending) => Buffer.from(built.outputFiles.find((f) => f.path.endsWith(ending)).contents)
const source = (name) => readFileSync(join(here, 'src', name))

const assets = [
	['/', 'text/html; charset=utf-8', source('index.html')],
	['/app.js', 'text/javascript; charset=utf-8', bundle('main.js')],
	['/app.css', 'text/css; charset=utf-8', bundle('app.css')],
	['/icon.svg', 'image/svg+xml', source('icon.svg')],
]

// A zip of the time or of the system would make two builds differ: RFC 1952 has them in bytes 4 to 7 and 9.
function pack(bytes) {
	const packed = gzipSync(bytes, { level: 9 })
	packed.fill(0, 4, 8)
	packed[9] = 255
	return packed
}

function cBytes(name, bytes) {
	const lines = []
	for (let i = 0; i < bytes.length; i += 24) {
		lines.push('\t' + [...bytes.subarray(i, i + 24)].join(','))
	}
	return `static const unsigned char ${name}[] = {\n${lines.join(',\n')}};\n`
}

let out = '/* Made by monitor/web/build.mjs: the inbox. */\n#include "monitor/web/web.h"\n\n#include <stddef.h>\n\n'
const rows = []
assets.forEach(([path, type, bytes], i) => {
	const packed = pack(bytes)
	const tag = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
	out += cBytes(`plain_${i}`, bytes) + cBytes(`packed_${i}`, packed)
	rows.push(`\t{"${path}", "${type}", "\\"${tag}\\"", "\\"${tag}-gz\\"", {(const char *)plain_${i}, ` +
		`sizeof(plain_${i})}, {(const char *)packed_${i}, sizeof(packed_${i})}},\n`)
	console.log(`${path} ${bytes.length} bytes, ${packed.length} packed`)
})
out += `\nconst struct web_asset web_assets[] = {\n${rows.join('')}\t{.path = NULL},\n};\n`
out += `\nconst char *const web_pages[] = {${PAGES.map((p) => `"${p}", `).join('')}NULL};\n`
writeFileSync(process.argv[2], out)
