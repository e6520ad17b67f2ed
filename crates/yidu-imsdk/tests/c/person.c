/*
 * One person: carries out commands from standard input with the C library and tells on standard output what comes back.
 * The library is one for each process, so a story with three people is three of these.
 *
 * Commands, one a line, fields separated by tabs; \N is NULL:
 *   call <tag> <function> <arguments> <argument>...   arguments: a letter each, s text, i int, u uint64, o buffer of 128
 *                                                     bytes; a callback and user_data follow by themselves
 *   plain <tag> <function> <arguments> <argument>...  the same without callback and user_data
 *   members <tag> <json> <filter> <next_seq> <count>  TIMMsgGetGroupMessageReadMemberList
 *   listen <listener> <user_data>                     registers; unlisten removes
 *   memory <tag>                                      tells the resident bytes
 *   cost <tag> <function> <times> <json>              tells the median time of a call in nanoseconds
 * Answers, one a line: returned <tag> <number> [buffer]; answer <tag> <code> <desc> <json>;
 *   members <tag> <json> <next_seq> <finished>; told <listener> <user_data> <json>.
 * The process ends without TIMUninit when standard input ends: that is a crash.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ImSDK.h"

#define FIELDS 12

static pthread_mutex_t out = PTHREAD_MUTEX_INITIALIZER;

/* A field of an answer: tabs and ends of lines would break it. */
static void field(const char* text) {
    putchar('\t');
    for (; *text != 0; text++) {
        switch (*text) {
            case '\t': fputs("\\t", stdout); break;
            case '\n': fputs("\\n", stdout); break;
            case '\\': fputs("\\\\", stdout); break;
            default: putchar(*text);
        }
    }
}

static void number(long long value) {
    printf("\t%lld", value);
}

static void begin(const char* what) {
    pthread_mutex_lock(&out);
    fputs(what, stdout);
}

static void end(void) {
    putchar('\n');
    fflush(stdout);
    pthread_mutex_unlock(&out);
}

static void answered(int32_t code, const char* desc, const char* json, const void* user_data) {
    begin("answer");
    field((const char*)user_data);
    number(code);
    field(desc);
    field(json);
    end();
    free((void*)user_data);
}

static void members(const char* json, uint64_t next_seq, bool is_finished, const void* user_data) {
    begin("members");
    field((const char*)user_data);
    field(json);
    printf("\t%llu", (unsigned long long)next_seq);
    number(is_finished ? 1 : 0);
    end();
    free((void*)user_data);
}

static void told(const char* listener, const char* json, const void* user_data) {
    begin("told");
    field(listener);
    field((const char*)user_data);
    field(json);
    end();
}

static void new_messages(const char* json, const void* user_data) { told("messages", json, user_data); }
static void also_new_messages(const char* json, const void* user_data) { told("also messages", json, user_data); }
static void receipts(const char* json, const void* user_data) { told("receipts", json, user_data); }
static void revoked(const char* json, const void* user_data) { told("revoked", json, user_data); }
static void updated(const char* json, const void* user_data) { told("updated", json, user_data); }
static void tips(const char* json, const void* user_data) { told("tips", json, user_data); }
static void self_info(const char* json, const void* user_data) { told("self", json, user_data); }
static void kicked(const void* user_data) { told("kicked", "", user_data); }
static void expired(const void* user_data) { told("expired", "", user_data); }

static void numbered(const char* listener, int n, const char* json, const void* user_data) {
    begin("told");
    field(listener);
    field((const char*)user_data);
    field(json);
    number(n);
    end();
}

static void conversations(enum TIMConvEvent event, const char* json, const void* user_data) {
    numbered("conversations", event, json, user_data);
}

static void unread(int total, const void* user_data) { numbered("unread", total, "", user_data); }

static void network(enum TIMNetworkStatus status, int32_t code, const char* desc, const void* user_data) {
    (void)code;
    numbered("network", status, desc, user_data);
}

static void logged(enum TIMLogLevel level, const char* line, const void* user_data) {
    numbered("log", level, line, user_data);
}

/* The user data of listeners, which lives as long as the process. */
static char* kept[64];
static int kept_count;

static void listen(const char* name, const char* user_data) {
    const void* data = NULL;
    if (user_data != NULL && kept_count < 64) data = kept[kept_count++] = strdup(user_data);
#define SET(listener, function, callback) \
    if (strcmp(name, listener) == 0) function(data == NULL ? NULL : callback, data)
    if (strcmp(name, "messages") == 0) {
        if (data == NULL) TIMRemoveRecvNewMsgCallback(new_messages);
        else TIMAddRecvNewMsgCallback(new_messages, data);
    }
    if (strcmp(name, "also messages") == 0) {
        if (data == NULL) TIMRemoveRecvNewMsgCallback(also_new_messages);
        else TIMAddRecvNewMsgCallback(also_new_messages, data);
    }
    SET("receipts", TIMSetMsgReadedReceiptCallback, receipts);
    SET("revoked", TIMSetMsgRevokeCallback, revoked);
    SET("updated", TIMSetMsgUpdateCallback, updated);
    SET("tips", TIMSetGroupTipsEventCallback, tips);
    SET("self", TIMSetSelfInfoUpdatedCallback, self_info);
    SET("kicked", TIMSetKickedOfflineCallback, kicked);
    SET("expired", TIMSetUserSigExpiredCallback, expired);
    SET("conversations", TIMSetConvEventCallback, conversations);
    SET("unread", TIMSetConvTotalUnreadMessageCountChangedCallback, unread);
    SET("network", TIMSetNetworkStatusListenerCallback, network);
    SET("log", TIMSetLogCallback, logged);
#undef SET
}

typedef void (*any)(void);

static any function(const char* name) {
    any found;
    *(void**)&found = dlsym(RTLD_DEFAULT, name);
    if (found == NULL) {
        fprintf(stderr, "no function %s\n", name);
        exit(3);
    }
    return found;
}

static const char* text(const char* given) {
    return strcmp(given, "\\N") == 0 ? NULL : given;
}

/* Calls a function by the letters of its arguments, which are few in kind. */
static int call(const char* name, const char* letters, char** a, char* buffer, TIMCommCallback cb, const void* ud) {
    any f = function(name);
    const char* s0 = a[0] == NULL ? NULL : text(a[0]);
    const char* s1 = a[1] == NULL ? NULL : text(a[1]);
    const char* s2 = a[2] == NULL ? NULL : text(a[2]);
#define IS(shape) if (strcmp(letters, shape) == 0)
#define INT(n) atoi(a[n])
#define U64(n) strtoull(a[n], NULL, 10)
    if (cb == NULL) {
        IS("") return ((int (*)(void))f)();
        IS("o") return ((int (*)(char*))f)(buffer);
        IS("us") return ((int (*)(uint64_t, const char*))f)(U64(0), s1);
    } else {
        IS("") return ((int (*)(TIMCommCallback, const void*))f)(cb, ud);
        IS("s") return ((int (*)(const char*, TIMCommCallback, const void*))f)(s0, cb, ud);
        IS("ss") return ((int (*)(const char*, const char*, TIMCommCallback, const void*))f)(s0, s1, cb, ud);
        IS("si") return ((int (*)(const char*, int, TIMCommCallback, const void*))f)(s0, INT(1), cb, ud);
        IS("sis") return ((int (*)(const char*, int, const char*, TIMCommCallback, const void*))f)(s0, INT(1), s2, cb, ud);
        IS("suu") return ((int (*)(const char*, uint64_t, uint64_t, TIMCommCallback, const void*))f)(s0, U64(1), U64(2), cb, ud);
        IS("siso") return ((int (*)(const char*, int, const char*, char*, TIMCommCallback, const void*))f)(s0, INT(1), s2, buffer, cb, ud);
    }
#undef IS
    fprintf(stderr, "no shape %s\n", letters);
    exit(3);
}

static void returned(const char* tag, int result, const char* buffer) {
    begin("returned");
    field(tag);
    number(result);
    if (buffer != NULL) field(buffer);
    end();
}

static long resident(void) {
    long pages = 0;
    FILE* file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
        fclose(file);
    }
    return pages * sysconf(_SC_PAGESIZE);
}

static int by_size(const void* a, const void* b) {
    long long x = *(const long long*)a, y = *(const long long*)b;
    return (x > y) - (x < y);
}

static pthread_mutex_t count = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t counted = PTHREAD_COND_INITIALIZER;
static int answers;

static void counts(int32_t code, const char* desc, const char* json, const void* user_data) {
    (void)code, (void)desc, (void)json, (void)user_data;
    pthread_mutex_lock(&count);
    answers++;
    pthread_cond_signal(&counted);
    pthread_mutex_unlock(&count);
}

/* So many calls of a function that takes one text, at most 100 of them unanswered at once. */
static void cost(const char* tag, const char* name, int times, const char* json) {
    int (*f)(const char*, TIMCommCallback, const void*) = (int (*)(const char*, TIMCommCallback, const void*))function(name);
    long long* took = calloc((size_t)times, sizeof *took);
    long long wrong = 0;
    answers = 0;
    for (int n = 0; n < times; n++) {
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        if (f(json, counts, NULL) != 0) wrong++;
        clock_gettime(CLOCK_MONOTONIC, &to);
        took[n] = (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec);
        pthread_mutex_lock(&count);
        while (answers + 100 <= n + 1) pthread_cond_wait(&counted, &count);
        pthread_mutex_unlock(&count);
    }
    pthread_mutex_lock(&count);
    while (answers < times - wrong) pthread_cond_wait(&counted, &count);
    pthread_mutex_unlock(&count);
    qsort(took, (size_t)times, sizeof *took, by_size);
    begin("returned");
    field(tag);
    number(took[times / 2]);
    number(wrong);
    end();
    free(took);
}

int main(void) {
    char* line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        char* f[FIELDS] = {0};
        char* rest = line;
        line[length - 1] = 0;
        for (int n = 0; n < FIELDS && rest != NULL; n++) f[n] = strsep(&rest, "\t");
        if (strcmp(f[0], "call") == 0) {
            char buffer[128] = "";
            char* tag = strdup(f[1]);
            int result = call(f[2], f[3], f + 4, buffer, answered, tag);
            returned(f[1], result, buffer);
            if (result != 0) free(tag);
        } else if (strcmp(f[0], "plain") == 0) {
            char buffer[128] = "";
            int result = call(f[2], f[3], f + 4, buffer, NULL, NULL);
            returned(f[1], result, buffer);
        } else if (strcmp(f[0], "members") == 0) {
            char* tag = strdup(f[1]);
            int result = TIMMsgGetGroupMessageReadMemberList(
                text(f[2]), (enum TIMGroupMessageReadMembersFilter)atoi(f[3]), strtoull(f[4], NULL, 10),
                (uint32_t)strtoul(f[5], NULL, 10), members, tag);
            returned(f[1], result, NULL);
            if (result != 0) free(tag);
        } else if (strcmp(f[0], "listen") == 0) {
            listen(f[1], f[2]);
        } else if (strcmp(f[0], "unlisten") == 0) {
            listen(f[1], NULL);
        } else if (strcmp(f[0], "memory") == 0) {
            begin("returned");
            field(f[1]);
            number(resident());
            end();
        } else if (strcmp(f[0], "cost") == 0) {
            cost(f[1], f[2], atoi(f[3]), f[4]);
        }
    }
    free(line);
    return 0;
}
