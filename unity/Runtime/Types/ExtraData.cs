using System.Collections.Generic;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace com.tencent.imsdk.unity.types
{
    /// <summary>
    /// Base of all types of the interface: keys without a field are kept, and written again when the object is handed
    /// back, so that a newer library loses nothing through an older package.
    /// </summary>
    public class ExtraData
    {
        [JsonExtensionData]
        private IDictionary<string, JToken> unknownKeys;

        /// <summary>The keys without a field, or <c>null</c> when there are none.</summary>
        [JsonIgnore]
        public IDictionary<string, JToken> UnknownKeys
        {
            get { return unknownKeys; }
            set { unknownKeys = value; }
        }
    }
}
