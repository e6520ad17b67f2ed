using System.Collections.Generic;
using com.tencent.imsdk.unity.enums;

namespace com.tencent.imsdk.unity.types
{
    /// <summary>Where the SDK keeps its files and which server it talks to; every field may be left out.</summary>
    public class SdkConfig : ExtraData
    {
        /// <summary>
        /// A folder for what must outlive the process (local custom data, receipts already sent). Left out: nothing
        /// does. In Unity: <c>Application.persistentDataPath + "/TIM-Config"</c>.
        /// </summary>
        public string sdk_config_config_file_path;
        public string sdk_config_log_file_path;
        public ulong? sdk_config_java_vm;
        /// <summary>
        /// Yidu's own: the address of the server, "wss://chat.example.com". Left out: the environment variable
        /// YIDU_SERVER_URL, else ws://127.0.0.1:7400.
        /// </summary>
        public string sdk_config_server_url;
    }

    /// <summary>Settings; only those that are set are changed.</summary>
    public class SetConfig : ExtraData
    {
        public TIMLogLevel? set_config_log_level;
        public TIMLogLevel? set_config_callback_log_level;
        public bool? set_config_is_log_output_console;
        public UserConfig set_config_user_config;
        /// <summary>At most 64 bytes.</summary>
        public string set_config_user_define_data;
        public HttpProxyInfo set_config_http_proxy_info;
        public Socks5ProxyInfo set_config_socks5_proxy_info;
        public bool? set_config_is_only_local_dns_source;
    }

    public class UserConfig : ExtraData
    {
        public bool? user_config_is_read_receipt;
        public bool? user_config_is_sync_report;
        public bool? user_config_is_ignore_grouptips_unread;
        public bool? user_config_is_is_disable_storage;
        public GroupGetInfoOption user_config_group_getinfo_option;
        public GroupMemberGetInfoOption user_config_group_member_getinfo_option;
    }

    public class GroupGetInfoOption : ExtraData
    {
        public TIMGroupGetInfoFlag? group_get_info_option_info_flag;
        public List<string> group_get_info_option_custom_array;
    }

    public class HttpProxyInfo : ExtraData
    {
        public string http_proxy_info_ip;
        public int http_proxy_info_port;
        public string http_proxy_info_username;
        public string http_proxy_info_password;
    }

    public class Socks5ProxyInfo : ExtraData
    {
        public string socks5_proxy_info_ip;
        public int socks5_proxy_info_port;
        public string socks5_proxy_info_username;
        public string socks5_proxy_info_password;
    }

    /// <summary>A request to CallExperimentalAPI: an operation and its parameter.</summary>
    public class ExperimentalAPIRequestParam : ExtraData
    {
        /// <summary>A name of <see cref="TIMInternalOperation"/>.</summary>
        public string request_internal_operation;
        public CustomServerInfo request_set_custom_server_info_param;
        public int? request_set_ui_platform_param;
        public bool? request_set_ignore_repeat_login_param;
        public bool? request_set_env_param;
        public int? request_set_max_retry_count_param;
        public string request_init_local_storage_user_id_param;
        public List<string> request_userid_tinyid_param;
        public List<ulong> request_tinyid_userid_param;
        public ulong? request_is_commercial_ability_enabled_param;
        public int? request_write_log_log_level_param;
        public string request_write_log_log_content_param;
        public string request_write_log_file_name_param;
        public string request_write_log_func_name_param;
        public int? request_write_log_line_number_param;
    }

    /// <summary>The answer to an <see cref="ExperimentalAPIRequestParam"/>.</summary>
    public class ResponseInfo : ExtraData
    {
        public string response_internal_operation;
        public List<UserInfo> response_userid_tinyid_res;
        public List<UserInfo> response_tinyid_userid_res;
        public bool response_set_env_res;
        public bool? commercial_ability_result_enabled;
    }

    public class UserInfo : ExtraData
    {
        public string user_info_userid;
        public ulong user_info_tinyid;
    }

    /// <summary>The server to talk to; the first long connection address counts.</summary>
    public class CustomServerInfo : ExtraData
    {
        public List<ServerAddress> longconnection_address_array;
        public List<ServerAddress> shortconnection_address_array;
        public string server_public_key;
    }

    public class ServerAddress : ExtraData
    {
        public string server_address_ip;
        public int server_address_port;
        public bool server_address_is_ipv6;
        public bool server_address_is_quic;
    }

    /// <summary>How a push to offline users would look. Yidu carries it and sends no pushes.</summary>
    public class OfflinePushConfig : ExtraData
    {
        public string offline_push_config_title;
        public string offline_push_config_desc;
        public string offline_push_config_ext;
        public TIMOfflinePushFlag? offline_push_config_flag;
        public IOSOfflinePushConfig offline_push_config_ios_config;
        public AndroidOfflinePushConfig offline_push_config_android_config;
    }

    public class IOSOfflinePushConfig : ExtraData
    {
        public string ios_offline_push_config_title;
        public string ios_offline_push_config_sound;
        public bool? ios_offline_push_config_ignore_badge;
    }

    public class AndroidOfflinePushConfig : ExtraData
    {
        public string android_offline_push_config_title;
        public string android_offline_push_config_sound;
        public TIMAndroidOfflinePushNotifyMode? android_offline_push_config_notify_mode;
        public int android_offline_push_config_vivo_classification = 1;
        public string android_offline_push_config_oppo_channel_id;
    }
}
