/*
 * The five steps of a receipt in a group, in C: ask, listen, send a receipt, pull the counts, page through the lists.
 *
 * The library holds one user for each process, so this program forks: the parent is alice, the child is bob.
 * `cargo xtask c-example` starts a server, compiles this and runs it. By hand:
 *
 *   cc -std=c99 five_steps.c -I../include -L<folder of libImSDK.so> -lImSDK -lpthread -o five_steps
 *   YIDU_SERVER_URL=ws://127.0.0.1:7400 YIDU_APP_ID=... ALICE_SIG=... BOB_SIG=... ./five_steps
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ImSDK.h"

static const char* me;

static void say(const char* what, const char* text) {
    printf("%s: %s %s\n", me, what, text);
    fflush(stdout);
}

static void give_up(const char* what, int number) {
    fprintf(stderr, "%s: %s: %d\n", me, what, number);
    exit(1);
}

/* One thing that another thread brings: the result of a call, or what a listener was told. */
struct box {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    char* text;
    int code;
};

#define EMPTY_BOX {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, 0}

/* Texts live until the callback returns, so a copy is kept. */
static void fill(struct box* box, int code, const char* text) {
    pthread_mutex_lock(&box->lock);
    if (box->text == NULL) {
        box->text = strdup(text);
        box->code = code;
    }
    pthread_cond_signal(&box->filled);
    pthread_mutex_unlock(&box->lock);
}

/* Waits for the box; the caller frees the text. */
static char* take(struct box* box) {
    pthread_mutex_lock(&box->lock);
    while (box->text == NULL) pthread_cond_wait(&box->filled, &box->lock);
    char* text = box->text;
    box->text = NULL;
    pthread_mutex_unlock(&box->lock);
    return text;
}

static void on_result(int32_t code, const char* desc, const char* json_params, const void* user_data) {
    if (code != 0) fprintf(stderr, "%s: %d %s\n", me, code, desc);
    fill((struct box*)user_data, code, json_params);
}

/* The result of a call: what it returned at once, then what its callback brings. */
static char* result(const char* what, int returned, struct box* box) {
    if (returned != TIM_SUCC) give_up(what, returned);
    char* text = take(box);
    if (box->code != 0) give_up(what, box->code);
    return text;
}

static void on_text(const char* json, const void* user_data) {
    fill((struct box*)user_data, 0, json);
}

static void on_members(const char* json, uint64_t next_seq, bool is_finished, const void* user_data) {
    (void)next_seq;
    fill((struct box*)user_data, is_finished ? 1 : 0, json);
}

static const char* variable(const char* name) {
    const char* value = getenv(name);
    if (value == NULL) {
        fprintf(stderr, "set %s; cargo xtask c-example does everything\n", name);
        exit(2);
    }
    return value;
}

static void begin(const char* user, const char* sig) {
    struct box done = EMPTY_BOX;
    me = user;
    int returned = TIMInit(strtoull(variable("YIDU_APP_ID"), NULL, 10), NULL);
    if (returned != TIM_SUCC) give_up("TIMInit", returned);
    free(result("TIMLogin", TIMLogin(user, variable(sig), on_result, &done), &done));
}

/* The value of a key whose value is a text without escapes: enough for ids. Use a JSON library in a real program. */
static void text_of(const char* json, const char* key, char* value, size_t room) {
    char pattern[64];
    snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
    const char* from = strstr(json, pattern);
    if (from == NULL) give_up(key, 0);
    from += strlen(pattern);
    size_t length = strcspn(from, "\"");
    if (length >= room) give_up(key, (int)length);
    memcpy(value, from, length);
    value[length] = 0;
}

static int bob(int go) {
    struct box messages = EMPTY_BOX, done = EMPTY_BOX;
    /* Listeners first, so that nothing is missed. */
    TIMAddRecvNewMsgCallback(on_text, &messages);
    begin("bob", "BOB_SIG");
    if (write(go, "!", 1) != 1) give_up("write", 0);

    for (;;) {
        char* received = take(&messages);
        if (strstr(received, "\"message_need_read_receipt\":true") == NULL) {
            free(received);
            continue;
        }
        say("3. I have read", received);
        int returned = TIMMsgSendMessageReadReceipts(received, on_result, &done);
        free(result("TIMMsgSendMessageReadReceipts", returned, &done));
        free(received);
        break;
    }
    return TIMUninit();
}

static void list(const char* message, enum TIMGroupMessageReadMembersFilter filter, const char* what) {
    struct box page = EMPTY_BOX;
    /* next_seq 0 is the first page; a longer list goes on with what the callback says until is_finished. */
    int returned = TIMMsgGetGroupMessageReadMemberList(message, filter, 0, 100, on_members, &page);
    if (returned != TIM_SUCC) give_up("TIMMsgGetGroupMessageReadMemberList", returned);
    char* members = take(&page);
    say(what, members);
    free(members);
}

static int alice(int ready) {
    struct box done = EMPTY_BOX, receipts = EMPTY_BOX;
    char id[128], group[64], json[256], go;
    TIMSetMsgReadedReceiptCallback(on_text, &receipts); /* 2. */
    begin("alice", "ALICE_SIG");
    if (read(ready, &go, 1) != 1) give_up("bob did not come", 0);

    snprintf(json, sizeof json,
             "{\"create_group_param_group_name\":\"five steps\",\"create_group_param_group_type\":%d,"
             "\"create_group_param_group_member_array\":[{\"group_member_info_identifier\":\"bob\"}]}",
             kTIMGroup_Private);
    char* created = result("TIMGroupCreate", TIMGroupCreate(json, on_result, &done), &done);
    text_of(created, "create_group_result_groupid", group, sizeof group);
    free(created);

    const char* text = "{\"message_elem_array\":[{\"elem_type\":0,\"text_elem_content\":\"lunch at noon? \xe5\x8d\x88\xe9\xa5\xad\"}],"
                       "\"message_need_read_receipt\":true}";
    int returned = TIMMsgSendMessage(group, kTIMConv_Group, text, id, on_result, &done);
    char* sent = result("TIMMsgSendMessage", returned, &done);
    say("1. sent, asking for receipts,", id);

    char* told = take(&receipts);
    say("2. heard of receipts:", told);
    free(told);

    /* The message goes back as it came, in an array. */
    size_t room = strlen(sent) + 3;
    char* array = malloc(room);
    snprintf(array, room, "[%s]", sent);
    char* counts = result("TIMMsgGetMessageReadReceipts", TIMMsgGetMessageReadReceipts(array, on_result, &done), &done);
    say("4. pulled the counts:", counts);
    free(counts);
    free(array);

    list(sent, TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_READ, "5. have read:");
    list(sent, TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_UNREAD, "5. have not:");
    free(sent);
    return TIMUninit();
}

int main(void) {
    int way[2], status = 1;
    if (pipe(way) != 0) return 1;
    /* Before TIMInit: threads do not survive a fork. */
    pid_t child = fork();
    if (child == 0) return bob(way[1]);
    int failed = alice(way[0]);
    waitpid(child, &status, 0);
    return failed != 0 || status != 0;
}
