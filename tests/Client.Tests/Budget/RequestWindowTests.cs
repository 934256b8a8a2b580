using Chuizi.Video.Client.Budget;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Budget;

public sealed class RequestWindowTests
{
    private readonly RequestWindow _window = new();

    [Fact]
    public void Requests_of_other_clients_are_counted_apart()
    {
        End(RequestClass.Submit, 10);
        _window.Begin(RequestClass.Poll);
        _window.AddForeign(5, Seconds(10));
        Counts(_window).ShouldBe((7, 2, 5, 1));
        (_window.UsedBy(RequestClass.Submit), _window.UsedBy(RequestClass.Poll), _window.UsedBy(RequestClass.Other)).ShouldBe((1, 1, 0));
        _window.Return(RequestClass.Poll);
        Counts(_window).ShouldBe((6, 1, 5, 0));
    }

    [Fact]
    public void Requests_that_end_within_a_tenth_of_a_second_leave_the_window_together()
    {
        _window.NextExpiry.ShouldBeNull();
        End(RequestClass.Submit, 10);
        End(RequestClass.Poll, 10.05);
        _window.NextExpiry.ShouldBe(Seconds(70.05));
        End(RequestClass.Submit, 10.1);
        _window.NextExpiry.ShouldBe(Seconds(70.05), "the third request ended too late to join the first");

        _window.Slide(Seconds(70));
        _window.Used.ShouldBe(3);
        _window.Slide(Seconds(70.05));
        (_window.Used, _window.NextExpiry).ShouldBe((1, Seconds(70.1)));
        _window.Slide(Seconds(70.1));
        (_window.Used, _window.NextExpiry).ShouldBe((0, null));
    }

    [Fact]
    public void Another_process_reads_the_same_window()
    {
        End(RequestClass.Submit, 1);
        End(RequestClass.Poll, 1);
        _window.AddForeign(3, Seconds(1));
        End(RequestClass.Other, 30);
        _window.Begin(RequestClass.Submit);
        _window.Begin(RequestClass.Poll);

        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            _window.Write(writer);
        }

        stream.Position = 0;
        using BinaryReader reader = new(stream);
        RequestWindow read = RequestWindow.Read(reader);
        stream.Position.ShouldBe(stream.Length);
        Counts(read).ShouldBe((8, 5, 3, 2));
        read.NextExpiry.ShouldBe(Seconds(61));
        read.Slide(Seconds(61));
        Counts(read).ShouldBe((3, 3, 0, 2));
        read.Slide(Seconds(90));
        Counts(read).ShouldBe((2, 2, 0, 2));

        stream.SetLength(stream.Length - 1);
        stream.Position = 0;
        Should.Throw<IOException>(() => RequestWindow.Read(reader));
    }

    private static (int Used, int Own, int Foreign, int UnderWay) Counts(RequestWindow window) =>
        (window.Used, window.Own, window.Foreign, window.UnderWay);

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value);

    private void End(RequestClass kind, double seconds)
    {
        _window.Begin(kind);
        _window.End(kind, Seconds(seconds));
    }
}
