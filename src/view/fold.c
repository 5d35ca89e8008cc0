/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "view/fold.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define TAB         8
#define ENTRY       10 /* where labels of a boot menu begin: "Boot0000* " */
#define WIDTH_LEAST 40 /* columns; a narrower terminal folds as it likes */
#define TEXT_LEAST  24 /* columns that an indented text needs to be readable */

/* ---- characters ---- */

struct span {
    uint32_t first, last;
};

static const struct span zero_spans[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd},   {0x0610, 0x061a},
    {0x064b, 0x065f}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e},   {0x1160, 0x11ff},
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},   {0x20d0, 0x20ff},
    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
};

static const struct span wide_spans[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97f},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff},
    {0x20000, 0x3fffd},
};

static bool is_in(uint32_t c, const struct span *spans, size_t count)
{
    size_t i = 0;

    while (i < count && c > spans[i].last)
        i++;
    return i < count && c >= spans[i].first;
}

static int width_of(uint32_t c)
{
    if (is_in(c, zero_spans, sizeof zero_spans / sizeof zero_spans[0]))
        return 0;
    return is_in(c, wide_spans, sizeof wide_spans / sizeof wide_spans[0]) ? 2 : 1;
}

/* The bytes of the character or colour sequence at the start of a text, and its columns.
 * Text is valid UTF-8 here; of what is not, every byte counts for one. */
static size_t step(const char *text, size_t size, int *columns)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t n = *p < 0xc0 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
    uint32_t c = n == 1 ? *p : *p & (0x7fu >> n);

    *columns = 1;
    if (*p == '\033') {
        const char *end = memchr(text, 'm', size);
        *columns = 0;
        return end ? (size_t)(end - text) + 1 : size;
    }
    if (n > size)
        return 1;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 1;
        c = c << 6 | (p[i] & 0x3fu);
    }
    *columns = width_of(c);
    return n;
}

int view_columns(const char *text, size_t size)
{
    int total = 0, columns;

    for (size_t at = 0; at < size; total += columns) {
        bool tab = text[at] == '\t';
        at += step(text + at, size - at, &columns);
        if (tab)
            columns = TAB - total % TAB;
    }
    return total;
}

/* ---- lines ---- */

/* Where the rest of a folded line begins: behind the last gap of two spaces. */
static int indent_of(const char *line, size_t size, int width)
{
    int column = 0, indent = 0, columns;
    size_t spaces = 0;

    if (memchr(line, '\t', size))
        return ENTRY;
    for (size_t at = 0; at < size && column <= width - TEXT_LEAST; column += columns) {
        if (line[at] != ' ' && line[at] != '\033') {
            if (spaces > 1)
                indent = column;
            spaces = 0;
        }
        spaces += line[at] == ' ';
        at += step(line + at, size - at, &columns);
    }
    return indent > 0 ? indent : 4;
}

/* Behind a / , or ; in the middle of a path or list, but not within ://. */
static bool is_soft(const char *line, size_t at, size_t size)
{
    char c = line[at];

    return (c == '/' || c == ',' || c == ';') && at + 1 < size && line[at + 1] != ' ' &&
           line[at + 1] != '/' && (at == 0 || line[at - 1] != '/');
}

/* A place to break: the line ends at @end, the next one begins at @next. */
struct cut {
    size_t end, next;
    int column;
};

static struct cut later(struct cut a, struct cut b)
{
    return a.column > b.column ? a : b;
}

/* A line that ends early is worse than a path in pieces, and those are best whole nodes:
 * @hard is between words, @soft between nodes, @inner between a node's arguments. */
static struct cut choose(struct cut hard, struct cut soft, struct cut inner, int half)
{
    struct cut outer = later(hard, soft);

    if (hard.column >= half)
        return hard;
    return outer.column >= half ? outer : later(outer, inner);
}

/* The best cut of a text that begins at @column, behind column @least; end is 0 if there
 * is none. A word that is too long for a line makes one of its own. */
static struct cut find_cut(const char *line, size_t size, int column, int least,
                           int width)
{
    const char *tab = memchr(line, '\t', size);
    struct cut hard = {0}, soft[2] = {{0}, {0}};
    int half = least + (width - least) / 2, depth = 0, columns;
    bool quoted = false;

    if (tab)
        return (struct cut){(size_t)(tab - line), (size_t)(tab - line) + 1, column};
    for (size_t at = 0; at < size; column += columns) {
        if (column > width && hard.end + soft[0].end + soft[1].end > 0)
            break;
        quoted ^= line[at] == '`';
        depth += (line[at] == '(') - (line[at] == ')' && depth > 0);
        if (column > least && !quoted && line[at] == ' ' && line[at - 1] != ' ')
            hard = (struct cut){at, at + strspn(line + at, " "), column};
        if (column > least && !quoted && column < width && is_soft(line, at, size))
            soft[depth > 0] = (struct cut){at + 1, at + 1, column + 1};
        at += step(line + at, size - at, &columns);
    }
    return choose(hard, soft[0], soft[1], half);
}

static void fold_line(FILE *to, const char *line, size_t size, int width)
{
    int indent = indent_of(line, size, width), column = 0;

    while (column + view_columns(line, size) > width) {
        struct cut cut = find_cut(line, size, column, indent, width);
        if (cut.end == 0 || cut.next >= size)
            break;
        fwrite(line, 1, cut.end, to);
        fprintf(to, "\n%*s", indent, "");
        line += cut.next;
        size -= cut.next;
        column = indent;
    }
    fwrite(line, 1, size, to);
}

static bool is_command(const char *line, size_t size)
{
    static const char word[] = "run: ";

    while (size > 0 && *line == ' ') {
        line++;
        size--;
    }
    return size >= sizeof word - 1 && memcmp(line, word, sizeof word - 1) == 0;
}

void view_fold(FILE *to, const char *text, size_t size, int width)
{
    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        size_t n = end ? (size_t)(end - text) : size;
        if (width < WIDTH_LEAST || is_command(text, n))
            fwrite(text, 1, n, to);
        else
            fold_line(to, text, n, width);
        if (!end)
            return;
        fputc('\n', to);
        text += n + 1;
        size -= n + 1;
    }
}
