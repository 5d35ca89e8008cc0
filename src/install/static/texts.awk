# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Takes long texts out of C sources, so that a static build can keep them compressed:
#
#   awk -v out=FOLDER -v base=SRC/ -f texts.awk SRC/FILE...
#
# Writes each FILE into FOLDER with `(fw_texts + N)` in the place of a text, and the texts to
# FOLDER/texts, each with a \001 behind it, which is NUL in the end. Taken are literals with a
# space in them: in the files of tables below those of at least 24 bytes that are no argument
# of a function, elsewhere those of at least 12 that are an argument of a function below, to
# which it makes no difference that it gets a pointer (sizeof would tell). A literal next to a
# macro's name stays where it is, and so does one with an escape other than \n and \".

BEGIN {
    split("cli/table.c inspect/check_rules.c inspect/advice_rules.c know/settings.c", names)
    for (i in names)
        table[names[i]]
    split("fw_fail fw_hint fw_found fw_found_as fw_mended fw_plan_fail fw_hosts_fail " \
          "fw_place_fail fw_outcomes_add cli_usage cli_warn refuse printf fprintf fputs puts " \
          "snprintf asprintf fw_buf_printf", names)
    for (i in names)
        takes[names[i]]
    at = 0
}

# The number of bytes that a literal without its quotes stands for; -1 if it is left alone.
function length_of(text) {
    gsub(/\\[n"]/, "n", text)
    return text ~ /\\/ ? -1 : length(text)
}

function write_out(text) {
    gsub(/\\n/, "\n", text)
    gsub(/\\"/, "\"", text)
    printf "%s\001", text > (out "/texts")
}

function take(text) {
    if (!(text in place)) {
        place[text] = at
        at += length_of(text) + 1
        write_out(text)
    }
    return "(fw_texts + " place[text] ")"
}

# Ends the literal that was being gathered; the next token is a name or something else.
function settle(is_name,    ours) {
    if (!gathered)
        return
    gathered = 0
    ours = depth == 0 ? is_table : (callee[depth] in takes)
    if (ours && !is_name && !after_name && literal ~ / / &&
        length_of(literal) >= (depth == 0 ? 23 : 11))
        written = written take(literal) gap
    else
        written = written source gap
}

function token(t,    is_name) {
    is_name = t ~ /^[A-Za-z_0-9]/
    settle(is_name)
    if (t == "(") {
        depth++
        callee[depth] = last_name != "" ? last_name : callee[depth - 1]
    } else if (t == ")" && depth > 0) {
        depth--
    }
    last_name = is_name ? t : ""
    written = written t
}

# The part of a literal that is on one line; those before it were gathered.
function gather(t) {
    if (!gathered) {
        literal = source = ""
        after_name = last_name != "" && last_name != "return"
    } else {
        source = source gap
    }
    gathered = 1
    literal = literal substr(t, 2, length(t) - 2)
    source = source t
    gap = last_name = ""
}

function space(t) {
    if (gathered)
        gap = gap t
    else
        written = written t
}

function line(rest) {
    while (rest != "") {
        if (in_comment) {
            in_comment = !match(rest, /\*\//)
            if (in_comment)
                RLENGTH = length(rest) - (RSTART = 1) + 1
            space(substr(rest, 1, RSTART + RLENGTH - 1))
            rest = substr(rest, RSTART + RLENGTH)
        } else if (rest ~ /^\/\*/) {
            in_comment = 1
            space("/*")
            rest = substr(rest, 3)
        } else {
            if (match(rest, /^[ \t]+/))
                space(substr(rest, 1, RLENGTH))
            else if (match(rest, /^"([^"\\]|\\.)*"/))
                gather(substr(rest, 1, RLENGTH))
            else if (match(rest, /^'([^'\\]|\\.)*'/) || match(rest, /^[A-Za-z_0-9]+/) ||
                     match(rest, /^./))
                token(substr(rest, 1, RLENGTH))
            rest = substr(rest, RLENGTH + 1)
        }
    }
    space("\n")
}

function finish() {
    settle(0)
    if (to != "") {
        printf "extern char fw_texts[];\n%s", written > to
        close(to)
    }
    written = ""
    depth = in_comment = directive = 0
}

FNR == 1 {
    finish()
    name = substr(FILENAME, length(base) + 1)
    is_table = name in table
    to = out "/" name
}

directive || (!in_comment && /^#/) {
    settle(1)
    written = written $0 "\n"
    directive = /\\$/
    next
}

{ line($0) }

END { finish() }
