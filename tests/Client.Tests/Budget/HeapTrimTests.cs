using Chuizi.Video.Client.Budget;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Budget;

public sealed class HeapTrimTests
{
    private const long Mebibyte = 1 << 20;

    private readonly HeapTrim _trim;
    private long _size = 100 * Mebibyte;
    private long _used = 100 * Mebibyte;
    private int _collections;

    public HeapTrimTests() => _trim = new HeapTrim(
        () => _size,
        () =>
        {
            _collections++;
            _size = _used;
        });

    [Fact]
    public void A_short_list_is_left_to_the_runtime()
    {
        Pass(HeapTrim.LongList - 1, growth: Mebibyte);
        _collections.ShouldBe(0);
    }

    [Fact]
    public void A_heap_that_does_not_grow_is_not_collected()
    {
        Pass(10 * HeapTrim.LongList, growth: 0);
        _collections.ShouldBe(0);
    }

    [Fact]
    public void The_heap_of_a_long_list_stays_near_what_is_in_use()
    {
        long largest = 0;
        for (int video = 0; video < 100_000; video++)
        {
            Pass(1, growth: 2048);
            largest = Math.Max(largest, video < HeapTrim.LongList ? 0 : _size);
        }

        _collections.ShouldBeInRange(5, 40);
        largest.ShouldBeLessThan(_used + 20 * Mebibyte);
    }

    [Fact]
    public void A_large_heap_of_something_else_is_collected_less_often()
    {
        _size = _used = 4096 * Mebibyte;
        Pass(100_000, growth: 2048);
        _collections.ShouldBe(0);
    }

    private void Pass(int videos, long growth)
    {
        for (int video = 0; video < videos; video++)
        {
            _size += growth;
            _trim.Trim();
        }
    }
}
