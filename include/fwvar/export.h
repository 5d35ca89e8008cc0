/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/**
 * @file
 * What a shared library shows: everything else in it is compiled hidden.
 */
#ifndef FWVAR_EXPORT_H
#define FWVAR_EXPORT_H

#if defined(__GNUC__)
#define FWVAR_API __attribute__((visibility("default")))
#else
#define FWVAR_API
#endif

#endif
