using System.Collections;
using Chuizi.Video.Client.Text;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Text;

public sealed class JsonValueTests
{
    [Fact]
    public void Values_that_JSON_cannot_represent_are_reported()
    {
        JsonValue.GetProblem(double.NaN).ShouldBe("is not a finite number");
        JsonValue.GetProblem(float.PositiveInfinity).ShouldBe("is not a finite number");
        JsonValue.GetProblem(new Version(1, 2)).ShouldBe("is a Version, which cannot be converted to JSON");
        JsonValue.GetProblem(TimeSpan.Zero).ShouldBe("is a TimeSpan, which cannot be converted to JSON");
        JsonValue.GetProblem(new Hashtable { [1] = "a" }).ShouldBe("has a key that is not a string");
        JsonValue.GetProblem(new object[] { 1, new object[] { double.NaN } }).ShouldBe("is not a finite number");
        JsonValue
            .GetProblem(new Hashtable { ["a"] = new Hashtable { ["b"] = new Version(1, 2) } })
            .ShouldBe("is a Version, which cannot be converted to JSON");
    }

    [Fact]
    public void A_list_that_contains_itself_is_reported_as_nested_too_deeply()
    {
        ArrayList list = [];
        list.Add(list);
        JsonValue.GetProblem(list).ShouldBe("is nested too deeply");
        Hashtable map = [];
        map["self"] = map;
        JsonValue.GetProblem(map).ShouldBe("is nested too deeply");
    }

    [Fact]
    public void Every_integer_type_is_written()
    {
        foreach (object number in new object[] { (sbyte)-1, (byte)1, (short)-1, (ushort)1, -1, 1u, -1L, ulong.MaxValue })
        {
            JsonValue.GetProblem(number).ShouldBeNull(number.GetType().Name);
            using MemoryStream stream = new();
            using System.Text.Json.Utf8JsonWriter writer = new(stream);
            JsonValue.Write(writer, number);
            writer.Flush();
            System
                .Text.Encoding.ASCII.GetString(stream.ToArray())
                .ShouldBe(Convert.ToString(number, System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
