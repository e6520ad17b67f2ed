namespace com.tencent.imsdk.unity.enums
{
    /// <summary>What a call answers at once. Its callback comes only after <see cref="TIM_SUCC"/>.</summary>
    public enum TIMResult
    {
        /// <summary>Accepted.</summary>
        TIM_SUCC = 0,
        /// <summary>Init has not been called.</summary>
        TIM_ERR_SDKUNINIT = -1,
        /// <summary>Nobody is logged in.</summary>
        TIM_ERR_NOTLOGIN = -2,
        /// <summary>The text is not JSON, or lacks a required key.</summary>
        TIM_ERR_JSON = -3,
        /// <summary>A value is out of its range.</summary>
        TIM_ERR_PARAM = -4,
        /// <summary>The conversation is none.</summary>
        TIM_ERR_CONV = -5,
        /// <summary>The group id is none.</summary>
        TIM_ERR_GROUP = -6,
    }

    /// <summary>Where a login stands.</summary>
    public enum TIMLoginStatus
    {
        kTIMLoginStatus_Logined = 1,
        kTIMLoginStatus_Logining = 2,
        kTIMLoginStatus_UnLogined = 3,
        kTIMLoginStatus_Logouting = 4,
    }

    /// <summary>The connection to the server.</summary>
    public enum TIMNetworkStatus
    {
        kTIMConnected = 0,
        kTIMDisconnected = 1,
        kTIMConnecting = 2,
        kTIMConnectFailed = 3,
    }

    /// <summary>How much is logged, from nothing to everything and back: lower numbers say more, Off says nothing.</summary>
    public enum TIMLogLevel
    {
        kTIMLog_Off = 0,
        kTIMLog_Test = 1,
        kTIMLog_Verbose = 2,
        kTIMLog_Debug = 3,
        kTIMLog_Info = 4,
        kTIMLog_Warn = 5,
        kTIMLog_Error = 6,
        kTIMLog_Assert = 7,
    }

    /// <summary>The system a message was sent from.</summary>
    public enum TIMPlatform
    {
        kTIMPlatform_Other = 0,
        kTIMPlatform_Windows = 1,
        kTIMPlatform_Android = 2,
        kTIMPlatform_IOS = 3,
        kTIMPlatform_Mac = 4,
        kTIMPlatform_Simulator = 5,
    }

    /// <summary>Gender in a profile; the first name is spelled as scripts know it.</summary>
    public enum TIMGenderType
    {
        kTIMGenderType_Unkown = 0,
        kTIMGenderType_Male = 1,
        kTIMGenderType_Female = 2,
    }

    /// <summary>Who may become a friend; kept in the profile.</summary>
    public enum TIMProfileAddPermission
    {
        kTIMProfileAddPermission_Unknown = 0,
        kTIMProfileAddPermission_AllowAny = 1,
        kTIMProfileAddPermission_NeedConfirm = 2,
        kTIMProfileAddPermission_DenyAny = 3,
    }

    /// <summary>What an element of type ProfileChange tells.</summary>
    public enum TIMProfileChangeType
    {
        kTIMProfileChange_None = 0,
        kTIMProfileChange_Profile = 1,
    }

    /// <summary>
    /// Names for <c>request_internal_operation</c>; use <c>ToString()</c>. Yidu knows set_custom_server_info,
    /// set_ui_platform, set_env, write_log, is_commercial_ability_enabled, set_ignore_repeat_login and
    /// clear_local_history_message; the others answer with 7013.
    /// </summary>
    public enum TIMInternalOperation
    {
        internal_operation_sso_data,
        internal_operation_userid_tinyid,
        internal_operation_tinyid_userid,
        internal_operation_set_env,
        internal_operation_set_max_retry_count,
        internal_operation_set_custom_server_info,
        internal_operation_set_sm4_gcm_callback,
        internal_operation_init_local_storage,
        internal_operation_set_cos_save_region_for_conversation,
        internal_operation_set_ui_platform,
        internal_operation_write_log,
        internal_operation_is_commercial_ability_enabled,
        internal_operation_set_ignore_repeat_login,
        internal_operation_clear_local_history_message,
    }
}
