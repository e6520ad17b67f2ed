using System;
using System.Collections;
using System.Collections.Generic;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Yidu.ImSdk
{
    /// <summary>
    /// Reads lists value by value: one that does not fit is left out (and reported), the others are read. What is no
    /// array at all is an error of the field, and the library's own reader would lose the keys after it.
    /// </summary>
    internal sealed class Lists : JsonConverter
    {
        public override bool CanWrite
        {
            get { return false; }
        }

        public override bool CanConvert(Type type)
        {
            return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>);
        }

        public override object ReadJson(JsonReader reader, Type type, object existing, JsonSerializer serializer)
        {
            var token = JToken.ReadFrom(reader);
            if (token.Type == JTokenType.Null)
            {
                return null;
            }
            if (token.Type != JTokenType.Array)
            {
                throw new JsonSerializationException("an array is wanted here, not " + token.Type);
            }
            var list = (IList)Activator.CreateInstance(type);
            var itemType = type.GetGenericArguments()[0];
            foreach (var item in token)
            {
                var value = item.ToObject(itemType, serializer);
                if (value != null)
                {
                    list.Add(value);
                }
            }
            return list;
        }

        public override void WriteJson(JsonWriter writer, object value, JsonSerializer serializer)
        {
            throw new NotSupportedException("lists are written as they are");
        }
    }
}
