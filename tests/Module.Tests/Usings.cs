global using System.Management.Automation;
global using Chuizi.Video.Module.Tests.Support;
global using Chuizi.Video.Sandbox;
global using Shouldly;
global using Xunit;
