using System;
using System.IO;
using System.Reflection;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace Yidu.ImSdk
{
    /// <summary>The JSON of the interface.</summary>
    internal static class Json
    {
        /// <summary>Merged messages nest at most 100 deep; what is deeper is not from a Yidu server.</summary>
        private const int MostNesting = 512;

        private static readonly Contracts Resolver = new Contracts();

        private static readonly JsonSerializer Writer = JsonSerializer.Create(new JsonSerializerSettings
        {
            NullValueHandling = NullValueHandling.Ignore,
            ContractResolver = Resolver,
        });

        /// <summary>Keys with the value null are left out.</summary>
        internal static string Write(object value)
        {
            using (var text = new StringWriter())
            {
                Writer.Serialize(text, value);
                return text.ToString();
            }
        }

        /// <summary>
        /// Reads <paramref name="json"/>; "" is <c>null</c>. A value that does not fit its field leaves that field as
        /// it was and is reported; the rest is read. Text that is no JSON gives <c>null</c>, and is reported too.
        /// </summary>
        internal static T Read<T>(string json, string about) where T : class
        {
            if (string.IsNullOrEmpty(json))
            {
                return null;
            }
            try
            {
                using (var reader = new JsonTextReader(new StringReader(json)))
                {
                    reader.MaxDepth = MostNesting;
                    reader.DateParseHandling = DateParseHandling.None;
                    // As a tree first: in a stream, a value that does not fit can leave the reader in the middle of it.
                    return Reader(about).Deserialize<T>(new JTokenReader(JToken.ReadFrom(reader)));
                }
            }
            catch (JsonException exception)
            {
                CallbackErrors.Report(new FormatException(about + ": " + exception.Message, exception));
                return null;
            }
        }

        private static JsonSerializer Reader(string about)
        {
            var reader = JsonSerializer.Create(new JsonSerializerSettings
            {
                NullValueHandling = NullValueHandling.Ignore,
                DateParseHandling = DateParseHandling.None,
                MetadataPropertyHandling = MetadataPropertyHandling.Ignore,
                ContractResolver = Resolver,
            });
            reader.Converters.Add(new WholeNumbers());
            reader.Converters.Add(new Lists());
            reader.Error += (sender, error) =>
            {
                error.ErrorContext.Handled = true;
                if (error.CurrentObject == error.ErrorContext.OriginalObject)
                {
                    var message = about + ": " + error.ErrorContext.Path + ": " + error.ErrorContext.Error.Message;
                    CallbackErrors.Report(new FormatException(message, error.ErrorContext.Error));
                }
            };
            return reader;
        }

        /// <summary>Leaves keys of other element types out of an element, which would be forty zeros.</summary>
        private sealed class Contracts : DefaultContractResolver
        {
            protected override JsonProperty CreateProperty(MemberInfo member, MemberSerialization serialization)
            {
                var property = base.CreateProperty(member, serialization);
                if (typeof(Elem).IsAssignableFrom(property.DeclaringType) || property.DeclaringType == typeof(GroupTipsElem))
                {
                    var key = property.PropertyName;
                    property.ShouldSerialize = owner => !(owner is Elem) || Belongs(key, ((Elem)owner).elem_type);
                }
                return property;
            }

            private static bool Belongs(string key, TIMElemType type)
            {
                var prefix = Prefix(type);
                return prefix == null || key == "elem_type" || key.StartsWith(prefix, StringComparison.Ordinal);
            }

            private static string Prefix(TIMElemType type)
            {
                switch (type)
                {
                    case TIMElemType.kTIMElem_Text: return "text_elem_";
                    case TIMElemType.kTIMElem_Image: return "image_elem_";
                    case TIMElemType.kTIMElem_Sound: return "sound_elem_";
                    case TIMElemType.kTIMElem_Custom: return "custom_elem_";
                    case TIMElemType.kTIMElem_File: return "file_elem_";
                    case TIMElemType.kTIMElem_GroupTips: return "group_tips_elem_";
                    case TIMElemType.kTIMElem_Face: return "face_elem_";
                    case TIMElemType.kTIMElem_Location: return "location_elem_";
                    case TIMElemType.kTIMElem_GroupReport: return "group_report_elem_";
                    case TIMElemType.kTIMElem_Video: return "video_elem_";
                    case TIMElemType.kTIMElem_Merge: return "merge_elem_";
                    default: return null;
                }
            }
        }
    }
}
