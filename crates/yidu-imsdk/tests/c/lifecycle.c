/*
 * From TIMInit to TIMUninit and again, in one process.
 *
 * lifecycle <app id> <user> <sig> <url of a server> <url of a port that answers nothing>
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ImSDK.h"

#define CHECK(condition)                                                              \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);   \
            exit(1);                                                                  \
        }                                                                             \
    } while (0)

static uint64_t app;
static const char *user, *sig, *server, *silent;

/* What came back for one call. */
struct answer {
    pthread_mutex_t lock;
    pthread_cond_t came;
    int times;
    int32_t code;
    pthread_t thread;
    bool json_was_text;
};

static void prepare(struct answer* answer) {
    memset(answer, 0, sizeof *answer);
    pthread_mutex_init(&answer->lock, NULL);
    pthread_cond_init(&answer->came, NULL);
}

static void answered(int32_t code, const char* desc, const char* json, const void* user_data) {
    struct answer* answer = (struct answer*)user_data;
    pthread_mutex_lock(&answer->lock);
    answer->times++;
    answer->code = code;
    answer->thread = pthread_self();
    answer->json_was_text = json != NULL && desc != NULL;
    pthread_cond_broadcast(&answer->came);
    pthread_mutex_unlock(&answer->lock);
}

static int32_t wait_for(struct answer* answer) {
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 60;
    pthread_mutex_lock(&answer->lock);
    while (answer->times == 0) CHECK(pthread_cond_timedwait(&answer->came, &answer->lock, &limit) == 0);
    pthread_mutex_unlock(&answer->lock);
    CHECK(answer->json_was_text);
    return answer->code;
}

static void init(const char* url) {
    char config[256];
    snprintf(config, sizeof config, "{\"sdk_config_server_url\":\"%s\"}", url);
    CHECK(TIMInit(app, config) == TIM_SUCC);
}

static void log_in(void) {
    struct answer answer;
    prepare(&answer);
    CHECK(TIMLogin(user, sig, answered, &answer) == TIM_SUCC);
    CHECK(wait_for(&answer) == 0);
    CHECK(TIMGetLoginStatus() == kTIMLoginStatus_Logined);
}

/* Threads of this process whose names begin so. */
static int threads_named(const char* name) {
    int count = 0;
    DIR* tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    struct dirent* task;
    while ((task = readdir(tasks)) != NULL) {
        char path[300], comm[32] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        FILE* file = fopen(path, "r");
        if (file == NULL) continue;
        if (fgets(comm, sizeof comm, file) != NULL && strncmp(comm, name, strlen(name)) == 0) count++;
        fclose(file);
    }
    closedir(tasks);
    return count;
}

static void nothing_before_init(void) {
    char id[128] = "old content";
    struct answer answer;
    prepare(&answer);
    CHECK(TIMUninit() == TIM_ERR_SDKUNINIT);
    CHECK(TIMLogin(user, sig, answered, &answer) == TIM_ERR_SDKUNINIT);
    CHECK(TIMMsgSendMessageReadReceipts("[]", answered, &answer) == TIM_ERR_SDKUNINIT);
    CHECK(callExperimentalAPI("{\"request_internal_operation\":\"internal_operation_set_ui_platform\","
                              "\"request_set_ui_platform_param\":5}", answered, &answer) == TIM_ERR_SDKUNINIT);
    CHECK(TIMGetLoginUserID(id) == TIM_ERR_SDKUNINIT && id[0] == 0);
    CHECK(TIMGetLoginStatus() == kTIMLoginStatus_UnLogined);
    CHECK(strlen(TIMGetSDKVersion()) >= 5);
    CHECK(TIMGetServerTime() == 0);
    CHECK(answer.times == 0);
}

static void bad_init(void) {
    CHECK(TIMInit(0, NULL) == TIM_ERR_PARAM);
    CHECK(TIMInit(1ULL << 32, NULL) == TIM_ERR_PARAM);
    CHECK(TIMInit(app, "{") == TIM_ERR_JSON);
    CHECK(TIMInit(app, "{\"sdk_config_server_url\":5}") == TIM_ERR_PARAM);
    CHECK(TIMUninit() == TIM_ERR_SDKUNINIT);
}

static void init_twice(void) {
    CHECK(TIMInit(app, NULL) == TIM_SUCC);
    CHECK(TIMInit(app, "") == TIM_SUCC);
    CHECK(TIMInit(app + 1, NULL) == TIM_ERR_PARAM);
    struct answer answer, config;
    prepare(&config);
    CHECK(TIMSetConfig("{}", answered, &config) == TIM_SUCC);
    CHECK(wait_for(&config) == 0);
    CHECK(threads_named("imsdk-callbacks") == 1);
    prepare(&answer);
    CHECK(TIMMsgMarkAllMessageAsRead(answered, &answer) == TIM_ERR_NOTLOGIN);
    CHECK(TIMLogout(answered, &answer) == TIM_ERR_NOTLOGIN);
    CHECK(TIMLogin(NULL, sig, answered, &answer) == TIM_ERR_PARAM);
    CHECK(TIMLogin(user, "", answered, &answer) == TIM_ERR_PARAM);
    CHECK(answer.times == 0);
    CHECK(TIMUninit() == TIM_SUCC);
    CHECK(threads_named("imsdk-") == 0);
    CHECK(TIMUninit() == TIM_ERR_SDKUNINIT);
}

/* A login that never ends is interrupted; when TIMUninit returns its callback has come, and no thread is left. */
static void interrupted(void) {
    struct answer answers[20];
    init(silent);
    prepare(&answers[0]);
    CHECK(TIMLogin(user, sig, answered, &answers[0]) == TIM_SUCC);
    CHECK(TIMGetLoginStatus() == kTIMLoginStatus_Logining);
    prepare(&answers[1]);
    CHECK(TIMLogin(user, sig, answered, &answers[1]) == TIM_SUCC);
    CHECK(wait_for(&answers[1]) == 7501);
    CHECK(TIMUninit() == TIM_SUCC);
    CHECK(answers[0].times == 1 && answers[0].code == 7009);
    CHECK(threads_named("imsdk-") == 0);
    CHECK(TIMGetLoginStatus() == kTIMLoginStatus_UnLogined);
}

/* A logout ends a login that is under way. */
static void logged_out_first(void) {
    struct answer login, logout;
    init(silent);
    prepare(&login);
    prepare(&logout);
    CHECK(TIMLogin(user, sig, answered, &login) == TIM_SUCC);
    CHECK(TIMLogout(answered, &logout) == TIM_SUCC);
    CHECK(wait_for(&logout) == 0);
    CHECK(wait_for(&login) == 6023);
    CHECK(TIMGetLoginStatus() == kTIMLoginStatus_UnLogined);
    CHECK(TIMUninit() == TIM_SUCC);
}

/* Many calls at once, then TIMUninit: every one of them is answered once, with its result or with 7009. */
static void many_in_flight(void) {
    enum { CALLS = 2000 };
    struct answer* answers = calloc(CALLS, sizeof *answers);
    init(server);
    log_in();
    for (int n = 0; n < CALLS; n++) {
        prepare(&answers[n]);
        CHECK(TIMMsgGetMsgList("nobody-here", kTIMConv_C2C, NULL, answered, &answers[n]) == TIM_SUCC);
    }
    CHECK(TIMUninit() == TIM_SUCC);
    int interrupted = 0;
    for (int n = 0; n < CALLS; n++) {
        CHECK(answers[n].times == 1);
        if (answers[n].code == 7009) interrupted++;
        CHECK(pthread_equal(answers[n].thread, answers[0].thread));
    }
    CHECK(interrupted > 0);
    CHECK(threads_named("imsdk-") == 0);
    free(answers);
}

/* Inside a callback every function works. */
static struct answer from_inside, done_inside, sent_inside;
static char id_inside[128];

static void calls_again(int32_t code, const char* desc, const char* json, const void* user_data) {
    char me[128] = "";
    CHECK(code == 0);
    CHECK(TIMGetLoginStatus() == kTIMLoginStatus_Logined);
    CHECK(TIMGetLoginUserID(me) == TIM_SUCC && strcmp(me, user) == 0);
    TIMSetLogCallback(NULL, NULL);
    CHECK(TIMMsgSendMessage(user, kTIMConv_C2C, "{\"message_elem_array\":[{\"elem_type\":0,\"text_elem_content\":\"x\"}]}",
                            id_inside, answered, &sent_inside) == TIM_SUCC);
    CHECK(TIMMsgGetMsgList(user, kTIMConv_C2C, "{}", answered, &from_inside) == TIM_SUCC);
    answered(code, desc, json, user_data);
}

static void inside_a_callback(void) {
    struct answer login;
    prepare(&login);
    prepare(&from_inside);
    prepare(&sent_inside);
    init(server);
    CHECK(TIMLogin(user, sig, calls_again, &login) == TIM_SUCC);
    wait_for(&login);
    wait_for(&from_inside);
    wait_for(&sent_inside);
    CHECK(strlen(id_inside) > 10);
    CHECK(TIMUninit() == TIM_SUCC);
}

/* TIMUninit inside a callback returns; calls in flight get 7009 afterwards; the next TIMInit works, inside it too. */
static void ends_it(int32_t code, const char* desc, const char* json, const void* user_data) {
    CHECK(TIMMsgGetMsgList("nobody-here", kTIMConv_C2C, NULL, answered, &from_inside) == TIM_SUCC);
    CHECK(TIMUninit() == TIM_SUCC);
    CHECK(TIMUninit() == TIM_ERR_SDKUNINIT);
    CHECK(TIMMsgMarkAllMessageAsRead(NULL, NULL) == TIM_ERR_SDKUNINIT);
    answered(code, desc, json, user_data);
}

static void ends_and_begins(int32_t code, const char* desc, const char* json, const void* user_data) {
    CHECK(TIMUninit() == TIM_SUCC);
    init(server);
    CHECK(TIMLogin(user, sig, answered, &done_inside) == TIM_SUCC);
    answered(code, desc, json, user_data);
}

static void uninit_inside_a_callback(void) {
    struct answer login;
    prepare(&login);
    prepare(&from_inside);
    init(server);
    CHECK(TIMLogin(user, sig, ends_it, &login) == TIM_SUCC);
    CHECK(wait_for(&login) == 0);
    int32_t code = wait_for(&from_inside);
    CHECK(code == 7009 || code == 0 || code == 20003);

    prepare(&login);
    prepare(&done_inside);
    init(server);
    CHECK(TIMLogin(user, sig, ends_and_begins, &login) == TIM_SUCC);
    wait_for(&login);
    CHECK(wait_for(&done_inside) == 0);
    CHECK(TIMUninit() == TIM_SUCC);
    CHECK(threads_named("imsdk-") == 0);
}

/* user_data comes back as it went, also when it points nowhere. */
static const void* seen_data;
static struct answer seen;

static void remembers(int32_t code, const char* desc, const char* json, const void* user_data) {
    seen_data = user_data;
    answered(code, desc, json, &seen);
}

static void opaque_user_data(void) {
    const void* odd[] = {NULL, (void*)1, (void*)~(uintptr_t)0, "TIMLogin_KeyString_7"};
    CHECK(TIMInit(app, NULL) == TIM_SUCC);
    for (int n = 0; n < 4; n++) {
        prepare(&seen);
        CHECK(TIMSetConfig("{}", remembers, odd[n]) == TIM_SUCC);
        CHECK(wait_for(&seen) == 0);
        CHECK(seen_data == odd[n]);
    }
    CHECK(TIMSetConfig("{}", NULL, NULL) == TIM_SUCC);
    CHECK(TIMUninit() == TIM_SUCC);
}

int main(int count, char** arguments) {
    CHECK(count == 6);
    app = strtoull(arguments[1], NULL, 10);
    user = arguments[2];
    sig = arguments[3];
    server = arguments[4];
    silent = arguments[5];
    nothing_before_init();
    bad_init();
    init_twice();
    interrupted();
    logged_out_first();
    many_in_flight();
    inside_a_callback();
    uninit_inside_a_callback();
    opaque_user_data();
    nothing_before_init();
    puts("done");
    return 0;
}
