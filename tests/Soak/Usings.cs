global using System.Management.Automation;
global using Chuizi.Video.Sandbox;
global using Chuizi.Video.Tests.Support;
