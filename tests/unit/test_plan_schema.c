/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* docs/plan.schema.json and docs/hosts.schema.json say what the readers take, no more and
 * no less; and the example plans are plans. FWVAR_SOURCE names the source tree. */
#include "plan/hosts.h"
#include "support/testmain.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *schema, *hosts;

static json_t *load(const char *path)
{
    json_error_t error;
    json_t *document = json_load_file(path, 0, &error);

    ck_assert_msg(document, "line %d: %s", error.line, error.text);
    return document;
}

static void setup(void)
{
    schema = load(FWVAR_SOURCE "/docs/plan.schema.json");
    hosts = load(FWVAR_SOURCE "/docs/hosts.schema.json");
}

static void teardown(void)
{
    json_decref(schema);
    json_decref(hosts);
}

static const json_t *definition(const char *name)
{
    const json_t *d = json_object_get(json_object_get(schema, "$defs"), name);

    return *name ? d : schema;
}

START_TEST(keys_are_those_of_the_reader)
{
    static const struct {
        const char *name;
        const char *const *keys;
    } tables[] = {{"", fw_plan_keys},
                  {"expect", fw_plan_expect_keys},
                  {"expected", fw_plan_expected_keys},
                  {"variable", fw_plan_variable_keys},
                  {"boot", fw_plan_boot_keys},
                  {"entry", fw_plan_entry_keys}};
    const json_t *object = definition(tables[_i].name);
    const json_t *properties = json_object_get(object, "properties");
    size_t n = 0;

    ck_assert(json_is_false(json_object_get(object, "additionalProperties")));
    for (; tables[_i].keys[n]; n++)
        ck_assert_msg(json_object_get(properties, tables[_i].keys[n]),
                      "the schema lacks %s", tables[_i].keys[n]);
    ck_assert_msg(json_object_size(properties) == n, "the schema of %s has more keys",
                  tables[_i].name);
}
END_TEST

static void same_words(const json_t *list, const char *(*word_at)(size_t))
{
    size_t n = 0;

    for (; word_at(n); n++) {
        bool found = false;
        for (size_t i = 0; i < json_array_size(list) && !found; i++)
            found = strcmp(json_string_value(json_array_get(list, i)), word_at(n)) == 0;
        ck_assert_msg(found, "the schema lacks %s", word_at(n));
    }
    ck_assert_uint_eq(json_array_size(list), n);
}

static const char *board_at(size_t i)
{
    return fw_plan_boards[i];
}

static const char *type_at(size_t i)
{
    return fw_plan_types[i];
}

static const char *layout_at(size_t i)
{
    const struct fwvar_layout *l = fwvar_layout_at(i);

    return l ? l->name : NULL;
}

START_TEST(words_are_those_of_the_reader)
{
    const json_t *properties = json_object_get(definition("variable"), "properties");

    same_words(json_object_get(definition("board"), "enum"), board_at);
    same_words(json_object_get(definition("layout"), "enum"), layout_at);
    same_words(json_object_get(json_object_get(properties, "type"), "enum"), type_at);
}
END_TEST

START_TEST(examples_are_plans)
{
    static const char folder[] = FWVAR_SOURCE "/fixtures/plans";
    struct fwvar_plan *plan;
    struct fwvar_diag diag;
    struct dirent *entry;
    DIR *dir = opendir(folder);
    size_t count = 0, size;

    ck_assert_ptr_nonnull(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (!strstr(entry->d_name, ".json"))
            continue;
        uint8_t *text = test_file(folder, entry->d_name, &size);
        ck_assert_msg(fwvar_plan_read((char *)text, size, &plan, &diag) == 0, "%s: %s",
                      entry->d_name, diag.message);
        fwvar_plan_free(plan);
        free(text);
        count++;
    }
    closedir(dir);
    ck_assert_uint_ge(count, 4);
}
END_TEST

/* Counts the keys; each has to be a property that is that of a plan, where @is_plan. */
static size_t count_keys(const json_t *properties, const char *const *keys, bool is_plan)
{
    char due[80];
    size_t n = 0;

    for (; keys[n]; n++) {
        const json_t *property = json_object_get(properties, keys[n]);
        const char *ref = json_string_value(json_object_get(property, "$ref"));
        snprintf(due, sizeof due, "plan.schema.json#/properties/%s", keys[n]);
        ck_assert_msg(property, "the schema lacks %s", keys[n]);
        ck_assert_msg(!is_plan || (ref && strcmp(ref, due) == 0), "%s is another",
                      keys[n]);
    }
    return n;
}

START_TEST(keys_of_lists_are_those_of_the_reader)
{
    const json_t *properties = json_object_get(hosts, "properties");
    const json_t *max = json_object_get(json_object_get(properties, "hosts"), "maxItems");

    ck_assert(json_is_false(json_object_get(hosts, "additionalProperties")));
    size_t n = count_keys(properties, fw_plan_keys, true);
    n += count_keys(properties, fw_hosts_keys, false);
    ck_assert_uint_eq(json_object_size(properties), n);
    ck_assert_int_eq(json_integer_value(max), FWVAR_HOSTS_MAX);
}
END_TEST

/* What else the schema has of a host are keys of which the reader does not take any text.
 */
START_TEST(keys_of_hosts_are_those_of_the_reader)
{
    json_t *properties = json_object_get(
        json_object_get(json_object_get(hosts, "$defs"), "host"), "properties");
    char text[128];
    const char *key;
    json_t *value;
    size_t n = count_keys(properties, fw_host_plan_keys, true);

    json_object_foreach(properties, key, value)
    {
        struct fwvar_hosts *read = NULL;
        if (json_object_get(value, "$ref"))
            continue;
        snprintf(text, sizeof text, "{\"schema\": 1, \"hosts\": [{\"%s\": \"?\"}]}", key);
        ck_assert_msg(fwvar_hosts_read(text, strlen(text), "x", &read, NULL) != 0,
                      "%s may be any text", key);
        n++;
    }
    ck_assert_uint_eq(json_object_size(properties), n);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("plan: schema");
    TCase *t = tcase_create("schema");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, keys_are_those_of_the_reader, 0, 6);
    tcase_add_test(t, words_are_those_of_the_reader);
    tcase_add_test(t, keys_of_lists_are_those_of_the_reader);
    tcase_add_test(t, keys_of_hosts_are_those_of_the_reader);
    tcase_add_test(t, examples_are_plans);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
