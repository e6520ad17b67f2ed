#!/bin/sh
# A back end sends a notice, sees who has read it and who has not, and reminds the rest: the whole story of receipts over
# REST v4, with nothing but curl. Needs a running server and three variables:
#   YIDU_URL       http://127.0.0.1:7400
#   YIDU_APP_ID    the SDKAppID, as `yidu serve` printed it
#   YIDU_ADMIN_SIG a UserSig of the administrator: $(yidu usersig administrator)
set -eu

call() {
    answer=$(curl --silent --show-error --fail --max-time 10 --data "$2" \
        "$YIDU_URL/v4/$1?sdkappid=$YIDU_APP_ID&identifier=administrator&usersig=$YIDU_ADMIN_SIG&random=$(date +%s)&contenttype=json")
    case $answer in
        *'"ActionStatus":"OK"'*) ;;
        *) printf '%s refused: %s\n' "$1" "$answer" >&2; exit 1 ;;
    esac
    printf '%s\n' "$answer"
}

# The text or number of a key of the last answer.
value() {
    printf '%s' "$answer" | sed -E "s/.*\"$1\":\"?([^\",}]*).*/\1/"
}

# What the last answer has to hold.
expect() {
    case $answer in
        *"$1"*) ;;
        *) printf 'expected %s, got: %s\n' "$1" "$answer" >&2; exit 1 ;;
    esac
}

echo "1. import the staff, and make a group that takes part in receipts"
call im_open_login_svc/multiaccount_import '{"AccountList":[{"UserID":"boss","Nick":"The boss"},{"UserID":"ann"},{"UserID":"ben"},{"UserID":"cleo"}]}'
call group_open_http_svc/create_group '{"Type":"Private","Name":"Staff","Owner_Account":"boss","MemberList":[{"Member_Account":"ann"},{"Member_Account":"ben"},{"Member_Account":"cleo"}]}'
group=$(value GroupId)

echo "2. send a notice in the boss's name; NeedReadReceipt asks who reads it"
call group_open_http_svc/send_group_msg "{\"GroupId\":\"$group\",\"From_Account\":\"boss\",\"Random\":$(date +%s),\"NeedReadReceipt\":1,\"MsgBody\":[{\"MsgType\":\"TIMTextElem\",\"MsgContent\":{\"Text\":\"The lift is out of order on Monday\"}}]}"
seq=$(value MsgSeq)

echo "3. nobody has read it yet"
call group_open_http_svc/get_group_msg_receipt "{\"GroupId\":\"$group\",\"MsgSeqList\":[{\"MsgSeq\":$seq}]}"
expect '"ReadNum":0,"UnreadNum":3'

echo "4. ann reads it in her app; ben says so to the desk, which acknowledges for him"
call group_open_http_svc/group_msg_receipt "{\"GroupId\":\"$group\",\"From_Account\":\"ann\",\"MsgSeqList\":[{\"MsgSeq\":$seq}]}"
call group_open_http_svc/group_msg_receipt "{\"GroupId\":\"$group\",\"From_Account\":\"ben\",\"MsgSeqList\":[{\"MsgSeq\":$seq}]}"
call group_open_http_svc/group_msg_receipt "{\"GroupId\":\"$group\",\"From_Account\":\"ben\",\"MsgSeqList\":[{\"MsgSeq\":$seq}]}"

echo "5. two have read it, with times; one has not"
call group_open_http_svc/get_group_msg_receipt "{\"GroupId\":\"$group\",\"MsgSeqList\":[{\"MsgSeq\":$seq}]}"
expect '"ReadNum":2,"UnreadNum":1'
call group_open_http_svc/get_group_msg_receipt_detail "{\"GroupId\":\"$group\",\"MsgSeq\":$seq,\"Filter\":0,\"Cursor\":\"\",\"Count\":200}"
expect '"IsFinish":1'
expect '"Read_Account":"ann"'
expect '"Read_Account":"ben"'
call group_open_http_svc/get_group_msg_receipt_detail "{\"GroupId\":\"$group\",\"MsgSeq\":$seq,\"Filter\":1,\"Cursor\":\"\",\"Count\":200}"
expect '"UnreadList":[{"Unread_Account":"cleo"}]'
call group_open_http_svc/get_group_msg_receipts_by_users "{\"GroupId\":\"$group\",\"MemberReadMsgList\":[{\"MsgSeq\":$seq,\"MemberList_Account\":[\"ann\",\"cleo\"]}]}"
expect '"Read_Account":"ann"'

echo "6. remind cleo by herself, and see her receipt in the history of that conversation"
call openim/sendmsg "{\"From_Account\":\"boss\",\"To_Account\":\"cleo\",\"MsgRandom\":$(date +%s),\"IsNeedReadReceipt\":1,\"MsgBody\":[{\"MsgType\":\"TIMTextElem\",\"MsgContent\":{\"Text\":\"Have you seen the notice?\"}}]}"
key=$(value MsgKey)
call openim/c2c_msg_read_receipt "{\"Operator_Account\":\"cleo\",\"Peer_Account\":\"boss\",\"C2CMsgInfo\":[{\"From_Account\":\"boss\",\"To_Account\":\"cleo\",\"MsgKey\":\"$key\"}]}"
call openim/admin_getroammsg '{"Operator_Account":"boss","Peer_Account":"cleo","MaxCnt":10,"MinTime":0,"MaxTime":4294967295}'
expect '"IsPeerRead":1,"IsNeedReadReceipt":1'
call group_open_http_svc/group_msg_receipt "{\"GroupId\":\"$group\",\"From_Account\":\"cleo\",\"MsgSeqList\":[{\"MsgSeq\":$seq}]}"
call group_open_http_svc/get_group_msg_receipt "{\"GroupId\":\"$group\",\"MsgSeqList\":[{\"MsgSeq\":$seq}]}"
expect '"ReadNum":3,"UnreadNum":0'

echo "everybody has read it"
