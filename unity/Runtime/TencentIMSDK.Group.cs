using System.Collections.Generic;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Yidu.ImSdk;

namespace com.tencent.imsdk.unity
{
    // Groups and their members.
    public static partial class TencentIMSDK
    {
        /// <summary>
        /// Makes a group; the local user owns it. The answer holds its id. Errors: 10021/10025 the id is taken, 10019
        /// a first member has no account.
        /// </summary>
        public static TIMResult GroupCreate(CreateGroupParam group, ValueCallback<CreateGroupResult> callback)
        {
            return Create(group, Reply.To(callback));
        }

        /// <summary>As the overload with CreateGroupResult.</summary>
        public static TIMResult GroupCreate(CreateGroupParam group, ValueCallback<string> callback)
        {
            return Create(group, Reply.To(callback));
        }

        private static TIMResult Create(CreateGroupParam group, Reply reply)
        {
            return PendingCalls.Start("GroupCreate", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupCreate(arguments.Json(group), native, token));
        }

        /// <summary>Dissolves a group. Errors: 10007 not the owner, or a Work group; 10010 no such group.</summary>
        public static TIMResult GroupDelete(string group_id, NullValueCallback callback)
        {
            return Dissolve(group_id, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult GroupDelete(string group_id, ValueCallback<string> callback)
        {
            return Dissolve(group_id, Reply.To(callback));
        }

        private static TIMResult Dissolve(string group_id, Reply reply)
        {
            return PendingCalls.Start("GroupDelete", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupDelete(arguments.Text(group_id), native, token));
        }

        /// <summary>
        /// Joins a group. Errors: 10013 a member already, 10014 full, 10007 nobody may apply (Work), 10010 no such
        /// group.
        /// </summary>
        public static TIMResult GroupJoin(string group_id, string hello_message, NullValueCallback callback)
        {
            return Join(group_id, hello_message, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult GroupJoin(string group_id, string hello_message, ValueCallback<string> callback)
        {
            return Join(group_id, hello_message, Reply.To(callback));
        }

        private static TIMResult Join(string group_id, string hello_message, Reply reply)
        {
            return PendingCalls.Start("GroupJoin", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupJoin(arguments.Text(group_id), arguments.Text(hello_message), native, token));
        }

        /// <summary>
        /// Leaves a group. Error: 10009 the owner may not. Members who leave without having read a message are no
        /// longer counted as unread.
        /// </summary>
        public static TIMResult GroupQuit(string group_id, NullValueCallback callback)
        {
            return Quit(group_id, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult GroupQuit(string group_id, ValueCallback<string> callback)
        {
            return Quit(group_id, Reply.To(callback));
        }

        private static TIMResult Quit(string group_id, Reply reply)
        {
            return PendingCalls.Start("GroupQuit", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupQuit(arguments.Text(group_id), native, token));
        }

        /// <summary>Invites at most 20 users; each has a result of its own. A user without an account fails.</summary>
        public static TIMResult GroupInviteMember(
            GroupInviteMemberParam param, ValueCallback<List<GroupInviteMemberResult>> callback)
        {
            return Invite(param, Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult GroupInviteMember(GroupInviteMemberParam param, ValueCallback<string> callback)
        {
            return Invite(param, Reply.To(callback));
        }

        private static TIMResult Invite(GroupInviteMemberParam param, Reply reply)
        {
            return PendingCalls.Start("GroupInviteMember", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupInviteMember(arguments.Json(param), native, token));
        }

        /// <summary>Removes members; each has a result of its own. Error: 10007 not allowed.</summary>
        public static TIMResult GroupDeleteMember(
            GroupDeleteMemberParam param, ValueCallback<List<GroupDeleteMemberResult>> callback)
        {
            return Remove(param, Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult GroupDeleteMember(GroupDeleteMemberParam param, ValueCallback<string> callback)
        {
            return Remove(param, Reply.To(callback));
        }

        private static TIMResult Remove(GroupDeleteMemberParam param, Reply reply)
        {
            return PendingCalls.Start("GroupDeleteMember", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupDeleteMember(arguments.Json(param), native, token));
        }

        /// <summary>The groups the local user is in.</summary>
        public static TIMResult GroupGetJoinedGroupList(ValueCallback<List<GroupBaseInfo>> callback)
        {
            return Joined(Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult GroupGetJoinedGroupList(ValueCallback<string> callback)
        {
            return Joined(Reply.To(callback));
        }

        private static TIMResult Joined(Reply reply)
        {
            return PendingCalls.Start("GroupGetJoinedGroupList", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupGetJoinedGroupList(native, token));
        }

        /// <summary>Everything about these groups; each has a code of its own.</summary>
        public static TIMResult GroupGetGroupInfoList(
            List<string> group_id_list, ValueCallback<List<GetGroupInfoResult>> callback)
        {
            return GroupInfo(group_id_list, Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult GroupGetGroupInfoList(List<string> group_id_list, ValueCallback<string> callback)
        {
            return GroupInfo(group_id_list, Reply.To(callback));
        }

        private static TIMResult GroupInfo(List<string> group_id_list, Reply reply)
        {
            return PendingCalls.Start("GroupGetGroupInfoList", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupGetGroupInfoList(arguments.Json(group_id_list), native, token));
        }

        /// <summary>A page of a group's members.</summary>
        public static TIMResult GroupGetMemberInfoList(
            GroupGetMemberInfoListParam json_group_getmeminfos_param,
            ValueCallback<GroupGetMemberInfoListResult> callback)
        {
            return Members(json_group_getmeminfos_param, Reply.To(callback));
        }

        /// <summary>As the overload with GroupGetMemberInfoListResult.</summary>
        public static TIMResult GroupGetMemberInfoList(
            GroupGetMemberInfoListParam json_group_getmeminfos_param, ValueCallback<string> callback)
        {
            return Members(json_group_getmeminfos_param, Reply.To(callback));
        }

        private static TIMResult Members(GroupGetMemberInfoListParam param, Reply reply)
        {
            return PendingCalls.Start("GroupGetMemberInfoList", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupGetMemberInfoList(arguments.Json(param), native, token));
        }

        /// <summary>
        /// Changes the fields that <see cref="GroupModifyInfoParam.group_modify_info_param_modify_flag"/> names. Error:
        /// 10007 not allowed.
        /// </summary>
        public static TIMResult GroupModifyGroupInfo(
            GroupModifyInfoParam json_group_modifyinfo_param, NullValueCallback callback)
        {
            return Modify(json_group_modifyinfo_param, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult GroupModifyGroupInfo(
            GroupModifyInfoParam json_group_modifyinfo_param, ValueCallback<string> callback)
        {
            return Modify(json_group_modifyinfo_param, Reply.To(callback));
        }

        private static TIMResult Modify(GroupModifyInfoParam param, Reply reply)
        {
            return PendingCalls.Start("GroupModifyGroupInfo", reply, (arguments, native, token) =>
                NativeMethods.TIMGroupModifyGroupInfo(arguments.Json(param), native, token));
        }
    }
}
