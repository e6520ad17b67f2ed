using System;
using System.Collections.Generic;
using System.Globalization;
using Newtonsoft.Json;

namespace Yidu.ImSdk
{
    /// <summary>
    /// Reads whole numbers kindly: <c>null</c> is 0 (or null where the field may be), 2.0 and "2" are 2, and a number
    /// beyond the range of its field becomes the nearest one in it (a read count of five milliards in an
    /// <c>int</c> is <c>int.MaxValue</c>, not an answer lost).
    /// </summary>
    internal sealed class WholeNumbers : JsonConverter
    {
        private static readonly Dictionary<Type, decimal[]> Ranges = new Dictionary<Type, decimal[]>
        {
            { typeof(int), new decimal[] { int.MinValue, int.MaxValue } },
            { typeof(uint), new decimal[] { uint.MinValue, uint.MaxValue } },
            { typeof(long), new decimal[] { long.MinValue, long.MaxValue } },
            { typeof(ulong), new decimal[] { ulong.MinValue, ulong.MaxValue } },
        };

        public override bool CanWrite
        {
            get { return false; }
        }

        public override bool CanConvert(Type type)
        {
            return Ranges.ContainsKey(Nullable.GetUnderlyingType(type) ?? type);
        }

        public override object ReadJson(JsonReader reader, Type type, object existing, JsonSerializer serializer)
        {
            var nullable = Nullable.GetUnderlyingType(type);
            var target = nullable ?? type;
            if (reader.TokenType == JsonToken.Null)
            {
                return nullable == null ? Convert.ChangeType(0, target, CultureInfo.InvariantCulture) : null;
            }
            var range = Ranges[target];
            var value = Math.Min(Math.Max(Number(reader), range[0]), range[1]);
            return Convert.ChangeType(value, target, CultureInfo.InvariantCulture);
        }

        public override void WriteJson(JsonWriter writer, object value, JsonSerializer serializer)
        {
            throw new NotSupportedException("numbers are written as they are");
        }

        private static decimal Number(JsonReader reader)
        {
            if (reader.TokenType == JsonToken.Boolean)
            {
                return (bool)reader.Value ? 1 : 0;
            }
            var scalar = reader.TokenType == JsonToken.Integer || reader.TokenType == JsonToken.Float
                || reader.TokenType == JsonToken.String;
            var text = scalar ? Convert.ToString(reader.Value, CultureInfo.InvariantCulture) : null;
            decimal value;
            if (text != null && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            {
                return decimal.Truncate(value);
            }
            // A number that is too long even for a decimal is beyond every range: only its sign matters.
            double wide;
            if (text != null && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out wide)
                && !double.IsNaN(wide))
            {
                return wide < 0 ? decimal.MinValue : decimal.MaxValue;
            }
            throw new JsonSerializationException("a whole number is wanted here, not " + reader.TokenType);
        }
    }
}
