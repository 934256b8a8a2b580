using System.Collections;
using System.Text.Json;
using Chuizi.Video.Client.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Text;

public sealed class JsonConversionTests
{
    [Fact]
    public void Values_that_JSON_cannot_represent_are_reported()
    {
        JsonConversion.GetProblem(double.NaN).ShouldBe("is not a finite number");
        JsonConversion.GetProblem(float.PositiveInfinity).ShouldBe("is not a finite number");
        JsonConversion.GetProblem(new Version(1, 2)).ShouldBe("is a Version, which cannot be converted to JSON");
        JsonConversion.GetProblem(TimeSpan.Zero).ShouldBe("is a TimeSpan, which cannot be converted to JSON");
        JsonConversion.GetProblem(new Hashtable { [1] = "a" }).ShouldBe("has a key that is not a string");
        JsonConversion.GetProblem(new object[] { 1, new object[] { double.NaN } }).ShouldBe("is not a finite number");
        JsonConversion
            .GetProblem(new Hashtable { ["a"] = new Hashtable { ["b"] = new Version(1, 2) } })
            .ShouldBe("is a Version, which cannot be converted to JSON");
    }

    [Fact]
    public void A_list_that_contains_itself_is_reported_as_nested_too_deeply()
    {
        ArrayList list = [];
        list.Add(list);
        JsonConversion.GetProblem(list).ShouldBe("is nested too deeply");
        Hashtable map = [];
        map["self"] = map;
        JsonConversion.GetProblem(map).ShouldBe("is nested too deeply");
    }

    [Fact]
    public void Every_integer_type_is_written()
    {
        foreach (object number in new object[] { (sbyte)-1, (byte)1, (short)-1, (ushort)1, -1, 1u, -1L, ulong.MaxValue })
        {
            JsonConversion.GetProblem(number).ShouldBeNull(number.GetType().Name);
            using MemoryStream stream = new();
            using Utf8JsonWriter writer = new(stream);
            JsonConversion.Write(writer, number);
            writer.Flush();
            System
                .Text.Encoding.ASCII.GetString(stream.ToArray())
                .ShouldBe(Convert.ToString(number, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Secrets_are_masked_in_every_name_and_text()
    {
        string[] parts = ["?sig=", "&token=", "ck-abcdefgh12345678", "https://ann:pw@", "Bearer 0123456789abcdef", "\"", "\\", "<", " ", "é", "\n"];
        Gen.Int[0, parts.Length - 1].Array[0, 12].Select(chosen => string.Concat(chosen.Select(at => parts[at]))).Sample(text =>
        {
            Hashtable fields = new() { ["list"] = new object?[] { text, 1.50m, true, null }, [text] = new Hashtable { ["inner"] = text } };
            string masked = SecretRedactor.Mask(text);
            JsonElement element = JsonConversion.ToMaskedElement(fields);
            element.GetProperty("list").EnumerateArray().Select(item => item.ToString()).ShouldBe([masked, "1.50", "True", ""]);
            element.GetProperty(masked).GetProperty("inner").GetString().ShouldBe(masked);
        }, iter: 1000);
    }
}
