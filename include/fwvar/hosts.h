/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * A list of hosts that each get an image of their own from one plan. What a host has under
 * a key takes the place of `{key}` in the plan's strings, and in the template of the path
 * under which its image is stored.
 *
 * The list is JSON or CSV; fwvar-plan(5) describes both. In JSON it is a plan's own keys
 * plus "hosts", a list of objects, and "output", the template (docs/hosts.schema.json). A
 * host may have "settings", "variables", "delete" and "boot" of its own, as a plan has
 * them. In CSV the first row names the keys, and an empty field is no value.
 */
#ifndef FWVAR_HOSTS_H
#define FWVAR_HOSTS_H

#include <fwvar/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The template without "output": the folder from which a Raspberry Pi asks its TFTP
 *  server for files. */
#define FWVAR_HOSTS_OUTPUT "{serial}/RPI_EFI.fd"

/** Most hosts of a list, and most bytes of its text. */
#define FWVAR_HOSTS_MAX 1000000u
#define FWVAR_HOSTS_SIZE_MAX (256u * 1024 * 1024)

/** A list that was read and judged. Never changes; may be shared between threads. */
struct fwvar_hosts;

/** One host. Everything is owned by the list; UTF-8. */
struct fwvar_host {
    const char *serial; /**< eight hex digits in lower case, as a Raspberry Pi asks for its
                             folder, or NULL. Of 16 digits (as /proc/cpuinfo and the
                             device tree show it) these are the last. */
    const char *mac;    /**< "dc:a6:32:01:02:03", or NULL */
    const char *name;   /**< or NULL */
    const char *output; /**< path of its image below the folder of all: relative, no empty
                             part, none that begins with a dot, no control character */
    const struct fwvar_plan_key *keys; /**< all of them, those above included */
    size_t key_count;
    const struct fwvar_plan *own; /**< what this host has of its own, for
                                       fwvar_plan_use.then, or NULL */
};

/**
 * Reads a list. Serial numbers and MACs may be written in any usual way (0x in front, colons,
 * dashes, dots, upper case). No two hosts may share a serial number, a MAC or an output.
 * @param text    JSON if it begins with a brace, else CSV (RFC 4180; `;` or a tab between
 *                fields is recognised); UTF-8, with or without byte order mark; not kept.
 * @param output  template of the path, instead of the document's; NULL: that, or
 *                #FWVAR_HOSTS_OUTPUT.
 * @param hosts   receives the list, to be freed with fwvar_hosts_free().
 * @return 0; #FWVAR_ERR_ARG with the line in the message (bad syntax, no hosts, a value
 *         that is no serial number, MAC or address, a duplicate, a path that would leave
 *         the folder, a key of the template that a host lacks); #FWVAR_ERR_NOMEM.
 */
FWVAR_API int fwvar_hosts_read(const char *text, size_t size, const char *output,
                               struct fwvar_hosts **hosts, struct fwvar_diag *diag);

/** Frees a list; NULL is allowed. */
FWVAR_API void fwvar_hosts_free(struct fwvar_hosts *hosts);

/** How many there are; at least one. */
FWVAR_API size_t fwvar_hosts_count(const struct fwvar_hosts *hosts);

/** Host @p i in the order of the list, or NULL behind the last. */
FWVAR_API const struct fwvar_host *fwvar_hosts_at(const struct fwvar_hosts *hosts, size_t i);

/** The line on which host @p i begins, counted from 1. Reads the text again: for messages. */
FWVAR_API size_t fwvar_hosts_line(const struct fwvar_hosts *hosts, size_t i);

/** The plan that stands beside the hosts; NULL if there is none but the hosts' own. */
FWVAR_API const struct fwvar_plan *fwvar_hosts_plan(const struct fwvar_hosts *hosts);

/** The template of the path. */
FWVAR_API const char *fwvar_hosts_output(const struct fwvar_hosts *hosts);

/**
 * Looks whether each host has the keys that a plan names.
 * @return 0; #FWVAR_ERR_ARG with the line of the first host that lacks one.
 */
FWVAR_API int fwvar_hosts_check(const struct fwvar_hosts *hosts,
                                const struct fwvar_plan *plan, struct fwvar_diag *diag);

/** The host with an output, or NULL. */
FWVAR_API const struct fwvar_host *fwvar_hosts_find(const struct fwvar_hosts *hosts,
                                                    const char *output);

/** True if the template could make this path for some host: keys stand for at least one
 *  character, `{serial}` and `{mac}` for those that they are written in. */
FWVAR_API bool fwvar_hosts_could_be(const struct fwvar_hosts *hosts, const char *path);

#ifdef __cplusplus
}
#endif
#endif
