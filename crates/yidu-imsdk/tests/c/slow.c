/*
 * A callback that does not return: what waits for it is bounded, and everything that was accepted is answered once.
 *
 * slow <app id>
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "ImSDK.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int inside, released, answers;

static void waits(int32_t code, const char* desc, const char* json, const void* user_data) {
    (void)code, (void)desc, (void)json, (void)user_data;
    pthread_mutex_lock(&lock);
    inside = 1;
    pthread_cond_broadcast(&changed);
    while (!released) pthread_cond_wait(&changed, &lock);
    answers++;
    pthread_mutex_unlock(&lock);
}

static void counts(int32_t code, const char* desc, const char* json, const void* user_data) {
    (void)code, (void)desc, (void)json, (void)user_data;
    pthread_mutex_lock(&lock);
    answers++;
    pthread_mutex_unlock(&lock);
}

int main(int count, char** arguments) {
    if (count != 2 || TIMInit(strtoull(arguments[1], NULL, 10), NULL) != TIM_SUCC) return 1;
    if (TIMSetConfig("{\"set_config_is_log_output_console\":false}", waits, NULL) != TIM_SUCC) return 2;
    pthread_mutex_lock(&lock);
    while (!inside) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);

    int accepted = 1, result = TIM_SUCC;
    while (accepted <= 200000 && (result = TIMSetConfig("{}", counts, NULL)) == TIM_SUCC) accepted++;
    /* Full. What has no callback still works. */
    if (result != TIM_ERR_PARAM || TIMGetLoginStatus() != kTIMLoginStatus_UnLogined) return 3;

    pthread_mutex_lock(&lock);
    released = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    if (TIMUninit() != TIM_SUCC) return 4;
    printf("%d %d\n", accepted, answers);
    return 0;
}
